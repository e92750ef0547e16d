import type { Person } from './person.js';

export interface Candidate {
  person: Person;
  /** Euclidean (L2) distance to the nearest of the person's samples. */
  distance: number;
}

/** What the gallery says about one probe. */
export interface Match {
  /** The nearest person where `distance <= threshold`; null for a face that matches nobody. */
  person: Person | null;
  /** Distance to the nearest person, matched or not; null with an empty gallery. */
  distance: number | null;
  threshold: number;
  /** The nearest people, nearest first, one entry a person. */
  candidates: Candidate[];
  /** Second-nearest person's distance minus the nearest's; null with fewer than two people. */
  margin: number | null;
}

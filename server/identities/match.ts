import type { Neighbour } from './gallery-index.js';
import type { Person } from './person.js';

export type Candidate = Neighbour;

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

/** What is said of a face that was not embedded: nothing. */
export function noMatch(threshold: number): Match {
  return { person: null, distance: null, threshold, candidates: [], margin: null };
}

/** People whom a match names at most. */
export const MAX_CANDIDATES = 5;

/**
 * The nearest person wins at or below the threshold.
 *
 * @param candidates the nearest people, nearest first
 * @param threshold largest Euclidean distance that counts as the same person
 */
export function matchOf(candidates: Candidate[], threshold: number): Match {
  const first = candidates.at(0);
  const second = candidates.at(1);
  return {
    person: first && first.distance <= threshold ? first.person : null,
    distance: first?.distance ?? null,
    threshold,
    candidates,
    margin: first && second ? second.distance - first.distance : null,
  };
}

import { EMBEDDING_LENGTH } from '../faces/face.js';
import type { Gallery } from './gallery.js';
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

/** What is said of a face that was not embedded: nothing. */
export function noMatch(threshold: number): Match {
  return { person: null, distance: null, threshold, candidates: [], margin: null };
}

const MAX_CANDIDATES = 5;
/** Numbers that are summed between two looks at the bound; divides EMBEDDING_LENGTH. */
const STRIDE = 16;

/**
 * Compares a probe with every sample of the gallery: exact, and the nearest person wins at or below the
 * threshold. A sum of squares only grows, so a sample is given up as soon as it is further away than the
 * fifth-nearest person so far: that changes no result. Of two people equally near, the first in the gallery
 * comes first.
 *
 * @param probe EMBEDDING_LENGTH numbers of the gallery's network; RangeError for another length
 * @param threshold largest Euclidean distance that counts as the same person
 */
export function match(gallery: Gallery, probe: Float32Array, threshold: number): Match {
  if (probe.length !== EMBEDDING_LENGTH) {
    throw new RangeError(`a probe of ${probe.length} numbers, not ${EMBEDDING_LENGTH}`);
  }
  const { people, embeddings, starts } = gallery;
  const nearest: { index: number; squared: number }[] = [];
  let bound = Infinity;
  for (let index = 0; index < people.length; index += 1) {
    const end = starts[index + 1] * EMBEDDING_LENGTH;
    let best = bound;
    for (let row = starts[index] * EMBEDDING_LENGTH; row < end; row += EMBEDDING_LENGTH) {
      let squared = 0;
      for (let from = 0; from < EMBEDDING_LENGTH && squared < best; from += STRIDE) {
        for (let i = from; i < from + STRIDE; i += 1) {
          const difference = embeddings[row + i] - probe[i];
          squared += difference * difference;
        }
      }
      if (squared < best) best = squared;
    }
    if (!(best < bound)) continue;
    let place = nearest.length;
    while (place > 0 && nearest[place - 1].squared > best) place -= 1;
    nearest.splice(place, 0, { index, squared: best });
    if (nearest.length > MAX_CANDIDATES) nearest.pop();
    if (nearest.length === MAX_CANDIDATES) bound = nearest[MAX_CANDIDATES - 1].squared;
  }
  const candidates = nearest.map(({ index, squared }) => ({
    person: people[index],
    distance: Math.sqrt(squared),
  }));
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

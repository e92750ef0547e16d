import type { Comparisons } from './compare-gallery.js';

/** Two people of the gallery at their nearest photos. */
export interface LookAlikes {
  people: [LookAlike, LookAlike];
  distance: number;
  /** Nearer than two people plausibly are: more likely one person under two names, or twins. */
  suspect: boolean;
}

export interface LookAlike {
  id: string;
  name: string;
  photo: string;
}

/**
 * Photos nearer than this part of the network's threshold are hardly of two people. At 0.65 x 0.54 = 0.35 dlib's network
 * has about one pair of strangers in a hundred thousand, and nearly everybody's own photos.
 */
const SUSPECT = 0.65;

/** The pairs of people who are nearest to each other, the nearest first, one entry a pair. */
export function findLookAlikes(
  { people, probes, nearest, nearestSample }: Comparisons,
  defaultThreshold: number,
): LookAlikes[] {
  const pairs = new Map<number, { row: number; person: number; distance: number }>();
  probes.forEach((probe, row) => {
    if (probe.person === null || probe.sample === null) return;
    for (let person = 0; person < people.length; person += 1) {
      if (person === probe.person) continue;
      const distance = nearest[row * people.length + person];
      const key = Math.min(person, probe.person) * people.length + Math.max(person, probe.person);
      if (distance < (pairs.get(key)?.distance ?? Infinity)) pairs.set(key, { row, person, distance });
    }
  });
  return [...pairs.values()]
    .sort((a, b) => a.distance - b.distance)
    .map(({ row, person, distance }) => {
      const probe = probes[row];
      const { id, name } = people[probe.person!];
      const other = people[person];
      const photo = other.samples[nearestSample[row * people.length + person]].photo;
      return {
        people: [
          { id, name, photo: probe.label },
          { id: other.id, name: other.name, photo },
        ],
        distance,
        suspect: distance <= SUSPECT * defaultThreshold,
      };
    });
}

import { seededRandom, shuffled } from './random.js';

/** What one fold does with each face; rows of the whole set. */
export interface Split {
  /** Learned from, and enrolled. */
  enrolled: number[];
  /** Other photos of the people that were learned from. */
  probes: number[];
  /** Photos of people of whom nothing was learned. */
  strangers: number[];
}

/**
 * Splits faces into folds twice over, by people and by photos. In a fold, one part of the people are strangers, who are
 * neither learned from nor enrolled, and of everybody else a part of their photos are probes. Everybody is a stranger
 * once, and every photo of somebody with several is a probe in all the folds but that, at most once.
 *
 * @param people whose each face is, as in TrainingFaces
 * @param folds 2 or more
 */
export function splitFaces(people: Int32Array, folds: number, seed: number): Split[] {
  const random = seededRandom(seed);
  const rows = shuffled([...people.keys()], random);
  const photos = new Map<number, number[]>();
  for (const row of rows) photos.set(people[row], [...(photos.get(people[row]) ?? []), row]);
  const personFold = new Map([...photos.keys()].map((person, place) => [person, place % folds]));
  return Array.from({ length: folds }, (_, fold) => {
    const split: Split = { enrolled: [], probes: [], strangers: [] };
    for (const [person, theirs] of photos)
      theirs.forEach((row, place) => {
        if (personFold.get(person) === fold) split.strangers.push(row);
        // The first photo of a person is a probe in the fold after the one in which they are a stranger, and so on.
        else if (theirs.length > 1 && (personFold.get(person)! + 1 + place) % folds === fold)
          split.probes.push(row);
        else split.enrolled.push(row);
      });
    return split;
  });
}

import { relation, squaredDistances, type Relation, type TrainingFaces } from './faces.js';

/** Comparisons of two faces each, by the distance in the network's own space and by that in the adapted one. */
export interface Comparisons {
  before: number[];
  after: number[];
  /** Who the two faces are of; the same number twice for a comparison of one person. */
  one: number[];
  other: number[];
}

/** One set of faces in both spaces. */
export interface TwoSpaces {
  before: TrainingFaces;
  after: TrainingFaces;
}

export function noComparisons(): Comparisons {
  return { before: [], after: [], one: [], other: [] };
}

/**
 * Adds the comparisons of two sets of faces, or of every two faces of one set where both are the same.
 *
 * @param wanted which: of one person, or of two people
 */
export function addComparisons(
  to: Comparisons,
  ones: TwoSpaces,
  others: TwoSpaces,
  wanted: Exclude<Relation, 'unclear'>,
): void {
  const before = squaredDistances(ones.before, others.before);
  const after = squaredDistances(ones.after, others.after);
  const [people, columns] = [ones.before.people, others.before.people];
  people.forEach((one, row) => {
    for (let column = ones === others ? row + 1 : 0; column < columns.length; column += 1) {
      if (relation(one, columns[column]) !== wanted) continue;
      to.before.push(Math.sqrt(before[row * columns.length + column]));
      to.after.push(Math.sqrt(after[row * columns.length + column]));
      to.one.push(one);
      to.other.push(columns[column]);
    }
  });
}

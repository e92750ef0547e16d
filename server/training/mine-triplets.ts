import { relation } from './faces.js';
import { shuffled } from './random.js';

/** Rows of anchors, positives and negatives; entry i of each is one triplet. */
export interface Triplets {
  anchors: number[];
  positives: number[];
  negatives: number[];
  /** How many of them are semi-hard; the others had none and took the easiest of the hard. */
  semiHard: number;
}

export interface MineOptions {
  /** The loss's margin, in squared distance. */
  alpha: number;
  /** Positives that each face is the anchor to at most; all of them where there are fewer. */
  positivesPerAnchor: number;
  /** Most triplets that are mined. */
  most: number;
  random: () => number;
}

/**
 * Semi-hard triplets (Schroff et al. 2015, 3.2): the negative is further from the anchor than the positive, but by less
 * than the margin. Of several such negatives one is drawn, so that every epoch sees others.
 *
 * Where none is semi-hard and some are hard (nearer than the positive), the furthest of those is taken: the hardest ones
 * of a whole gallery are mostly mislabelled photos, and learning from them first collapses the projection. Where all are
 * beyond the margin there is nothing to learn, and no triplet.
 *
 * @param distances squared, faces x faces
 * @param people whose each face is, as in TrainingFaces: somebody unknown is a negative only
 */
export function mineTriplets(
  distances: Float32Array,
  people: Int32Array,
  { alpha, positivesPerAnchor, most, random }: MineOptions,
): Triplets {
  const mined: Triplets = { anchors: [], positives: [], negatives: [], semiHard: 0 };
  const rows = shuffled([...people.keys()], random);
  for (const anchor of rows) {
    const theirs = rows.filter(
      (row) => row !== anchor && relation(people[row], people[anchor]) === 'same person',
    );
    for (const positive of shuffled(theirs, random).slice(0, positivesPerAnchor)) {
      if (mined.anchors.length >= most) return mined;
      const negative = negativeFor(anchor, distances[anchor * people.length + positive]);
      if (!negative) continue;
      mined.anchors.push(anchor);
      mined.positives.push(positive);
      mined.negatives.push(negative.row);
      if (negative.isSemiHard) mined.semiHard += 1;
    }
  }
  return mined;

  function negativeFor(anchor: number, toPositive: number): { row: number; isSemiHard: boolean } | null {
    let drawn = -1;
    let semiHard = 0;
    let furthest = -1;
    const start = anchor * people.length;
    for (let row = 0; row < people.length; row += 1) {
      if (relation(people[row], people[anchor]) !== 'two people') continue;
      const toNegative = distances[start + row];
      if (toNegative <= toPositive) {
        if (furthest < 0 || toNegative > distances[start + furthest]) furthest = row;
      } else if (toNegative < toPositive + alpha) {
        semiHard += 1;
        // The n-th replaces what was drawn with probability 1/n: each is as likely as the others.
        if (random() * semiHard < 1) drawn = row;
      }
    }
    if (drawn >= 0) return { row: drawn, isSemiHard: true };
    return furthest >= 0 ? { row: furthest, isSemiHard: false } : null;
  }
}

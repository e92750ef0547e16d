import { addComparisons, noComparisons } from './compare.js';
import { project, type TrainingFaces } from './faces.js';

/** Quantile of the distances of different people at which two spaces are brought to one scale. */
const QUANTILE = 0.02;
/** A threshold that fewer comparisons pass is not where their scale can be read. */
const LEAST = 10;

/** A projection of the same directions, scaled so that the nearest faces of different people stay as near. */
export function keepScale(faces: TrainingFaces, matrix: Float32Array): Float32Array {
  const pairs = noComparisons();
  const both = { before: faces, after: project(faces, matrix) };
  addComparisons(pairs, both, both, 'two people');
  const scale = ratioAt(pairs.before, pairs.after, Math.floor(QUANTILE * pairs.before.length));
  return matrix.map((value) => value * scale);
}

/**
 * What the second distances are to be multiplied by so that as many lie at or below the threshold as of the first; where
 * those are fewer than 10, the tenth of each comes to lie at the same distance.
 *
 * @param before distances of different people, in any order
 * @param after the same comparisons in the other space
 */
export function scaleBetween(before: readonly number[], after: readonly number[], threshold: number): number {
  const accepted = before.filter((distance) => distance <= threshold).length;
  return ratioAt(before, after, Math.min(Math.max(accepted, LEAST), before.length) - 1);
}

function ratioAt(before: readonly number[], after: readonly number[], rank: number): number {
  const [from, to] = [before, after].map((each) => Float64Array.from(each).sort()[rank]);
  return to > 0 ? from / to : 1;
}

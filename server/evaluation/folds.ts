import { distinctDistances } from './equal-error.js';
import { toScores, type ScoredPair } from './scores.js';

export interface FoldAccuracy {
  /** Mean of the folds' accuracies, 0..1. */
  mean: number;
  /** Standard error of that mean, s / sqrt(folds): what LFW's protocol reports after the plus-minus sign. */
  standardError: number;
  /** Standard deviation s of the folds' accuracies, which many papers report instead. */
  standardDeviation: number;
  folds: { fold: number; pairs: number; threshold: number; accuracy: number }[];
  /** Whether the folds came with the data; else the pairs were dealt out in turn. */
  official: boolean;
}

/** Folds where the data brings none, as in LFW. */
const FOLDS = 10;

/**
 * Accuracy by folds: each is judged with the threshold that is best on all others, so that none is judged with a
 * threshold that has seen it (LFW's protocol: Huang et al. 2007, "Labeled Faces in the Wild", section III).
 *
 * @returns null where there are not two folds with pairs of both kinds to choose a threshold on
 */
export function foldAccuracy(pairs: readonly ScoredPair[]): FoldAccuracy | null {
  const official = pairs.length > 0 && pairs.every(({ fold }) => fold !== undefined);
  const dealt = official ? pairs.map((pair) => ({ ...pair, fold: pair.fold! })) : dealFolds(pairs);
  const names = [...new Set(dealt.map(({ fold }) => fold))].sort((a, b) => a - b);
  if (names.length < 2) return null;
  const folds = names.map((fold) => {
    const own = dealt.filter((pair) => pair.fold === fold);
    const threshold = bestThreshold(dealt.filter((pair) => pair.fold !== fold));
    const right = own.filter(({ distance, same }) => distance <= threshold === same).length;
    return { fold, pairs: own.length, threshold, accuracy: right / own.length };
  });
  const mean = folds.reduce((sum, { accuracy }) => sum + accuracy, 0) / folds.length;
  const squares = folds.reduce((sum, { accuracy }) => sum + (accuracy - mean) ** 2, 0);
  const standardDeviation = Math.sqrt(squares / (folds.length - 1));
  return {
    mean,
    standardDeviation,
    standardError: standardDeviation / Math.sqrt(folds.length),
    folds,
    official,
  };
}

/** Deals pairs of each kind out in turn, so that every fold has its share of both; fewer folds where pairs are few. */
function dealFolds(pairs: readonly ScoredPair[]): (ScoredPair & { fold: number })[] {
  const same = pairs.filter((pair) => pair.same).length;
  const count = Math.min(FOLDS, same, pairs.length - same);
  if (count < 2) return [];
  const dealt = { same: 0, different: 0 };
  return pairs.map((pair) => ({ ...pair, fold: dealt[pair.same ? 'same' : 'different']++ % count }));
}

/**
 * The threshold that puts most pairs right. Usually a whole stretch of thresholds does: it is the middle of the widest
 * one, which leaves both kinds the most room.
 */
export function bestThreshold(pairs: readonly ScoredPair[]): number {
  const scores = toScores(pairs);
  const distances = distinctDistances(scores);
  // Below the nearest pair nothing matches, and all impostor pairs are right.
  let right = scores.impostor.length;
  const nearest = distances.at(0) ?? 0;
  let best = { right: nearest > 0 ? right : -1, threshold: nearest / 2, width: nearest };
  let from = 0;
  let [genuine, impostor] = [0, 0];
  distances.forEach((distance, index) => {
    const before = right;
    for (; scores.genuine[genuine] === distance; genuine += 1) right += 1;
    for (; scores.impostor[impostor] === distance; impostor += 1) right -= 1;
    // A stretch goes on where as many pairs came right as went wrong.
    if (right !== before || index === 0) from = distance;
    const to = distances[index + 1] ?? distance;
    const width = to - from;
    if (right > best.right || (right === best.right && width > best.width + 1e-9))
      best = { right, threshold: (from + to) / 2, width };
  });
  return best.threshold;
}

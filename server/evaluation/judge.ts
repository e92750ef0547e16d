import { areaUnderCurve } from './area-under-curve.js';
import { equalError } from './equal-error.js';
import { foldAccuracy, type FoldAccuracy } from './folds.js';
import { operatingPoint, type OperatingPoint } from './operating-point.js';
import { errorRates, type ErrorRates } from './rates.js';
import { toScores, type ScoredPair } from './scores.js';

/** Everything that is said of a set of pairs. Rates are 0..1. */
export interface Judgement {
  same: number;
  different: number;
  /** Of these, pairs without a distance, for want of a face in one of the two. */
  missed: { same: number; different: number };
  accuracy: FoldAccuracy | null;
  /** Area under the ROC curve. */
  auc: number | null;
  equalError: { rate: number; threshold: number } | null;
  atFar: OperatingPoint[];
  /** At the threshold that the network has by default. */
  atDefault: ErrorRates;
}

/** The FARs at which FRR is usually given. */
const WANTED_FARS = [0.01, 0.001];

/** Judges a network by scored pairs. */
export function judge(pairs: readonly ScoredPair[], defaultThreshold: number): Judgement {
  const scores = toScores(pairs);
  const missed = pairs.filter(({ distance }) => !Number.isFinite(distance));
  const missedSame = missed.filter(({ same }) => same).length;
  return {
    same: scores.genuine.length,
    different: scores.impostor.length,
    missed: { same: missedSame, different: missed.length - missedSame },
    accuracy: foldAccuracy(pairs),
    auc: areaUnderCurve(scores),
    equalError: equalError(scores),
    atFar: WANTED_FARS.map((far) => operatingPoint(scores, far)),
    atDefault: errorRates(scores, defaultThreshold),
  };
}

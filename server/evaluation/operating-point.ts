import { errorRates, type EffectiveCount, type ErrorRates } from './rates.js';
import { largestBelow, type Scores } from './scores.js';

/** The laxest threshold that keeps to a wanted FAR. */
export type OperatingPoint =
  | ({ wantedFar: number; resolved: true } & ErrorRates)
  /** Too few comparisons of different people to say: no figure would mean anything. */
  | { wantedFar: number; resolved: false; impostors: number; needed: number };

/**
 * The laxest threshold at which at most the wanted share of impostor comparisons matches. One error in M comparisons
 * is a FAR of 1/M, so nothing smaller can be seen with M of them: such a FAR is said to be unresolved. (That is the
 * least that is needed; about 30 errors, 30 / FAR comparisons, make a figure firm: Doddington et al. 2000, "The NIST
 * speaker recognition evaluation".)
 *
 * @param wantedFar 0 < FAR <= 1
 */
export function operatingPoint(
  scores: Scores,
  wantedFar: number,
  effective?: EffectiveCount,
): OperatingPoint {
  const impostors = scores.impostor.length;
  const needed = impostorsNeeded(wantedFar);
  if (impostors < needed) return { wantedFar, resolved: false, impostors, needed };
  const threshold = thresholdForFar(scores, wantedFar);
  return { wantedFar, resolved: true, ...errorRates(scores, threshold, effective) };
}

/** Comparisons of different people without which a FAR cannot be seen at all. */
export function impostorsNeeded(far: number): number {
  return Math.ceil(1 / far - 1e-9);
}

/** The laxest threshold at which at most the wanted share of the impostor distances matches. */
export function thresholdForFar(scores: Scores, wantedFar: number): number {
  return thresholdWithErrors(scores, Math.floor(wantedFar * scores.impostor.length + 1e-9));
}

/**
 * The laxest threshold at which at most that many impostor distances match, halfway between the last distance that
 * may and the first impostor that must not: there it depends on neither to the last digit. 0 where even that impostor
 * lies at 0.
 */
export function thresholdWithErrors(scores: Scores, mayMatch: number): number {
  const { impostor } = scores;
  const limit = mayMatch < impostor.length ? impostor[mayMatch] : Infinity;
  const last = largestBelow(scores, limit);
  return Number.isFinite(limit) ? ((last ?? 0) + limit) / 2 : (last ?? 0);
}

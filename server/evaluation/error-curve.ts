import { finiteCount } from './histogram.js';
import { errorRates, type EffectiveCount, type ErrorRates } from './rates.js';
import type { Scores } from './scores.js';

/** Largest distance on the axes: the next tenth above all distances that there are; 1 where there are none. */
export function distanceLimit({ genuine, impostor }: Scores): number {
  const farthest = Math.max(genuine[finiteCount(genuine) - 1] ?? 0, impostor[finiteCount(impostor) - 1] ?? 0);
  return farthest > 0 ? Math.ceil(farthest * 10 + 1e-9) / 10 : 1;
}

/** FAR and FRR with their bounds at evenly spaced thresholds from 0 to the limit. */
export function errorCurve(
  scores: Scores,
  limit: number,
  effective?: EffectiveCount,
  steps = 240,
): ErrorRates[] {
  return Array.from({ length: steps + 1 }, (_, step) =>
    errorRates(scores, (step / steps) * limit, effective),
  );
}

/** One point of the curves as plain numbers; null where nothing of that kind was compared. */
export interface CurvePoint {
  threshold: number;
  far: number | null;
  /** 95 % bounds. */
  farLow: number | null;
  farHigh: number | null;
  frr: number | null;
  frrLow: number | null;
  frrHigh: number | null;
}

/** The curves for whoever draws them elsewhere: from 0 to above the largest distance. */
export function curvePoints(scores: Scores, effective?: EffectiveCount): CurvePoint[] {
  return errorCurve(scores, distanceLimit(scores), effective, 120).map(({ threshold, far, frr }) => ({
    threshold,
    far: far?.rate ?? null,
    farLow: far?.low ?? null,
    farHigh: far?.high ?? null,
    frr: frr?.rate ?? null,
    frrLow: frr?.low ?? null,
    frrHigh: frr?.high ?? null,
  }));
}

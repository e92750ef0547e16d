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

import { proportion, type Proportion } from './proportion.js';
import { countAccepted, type Scores } from './scores.js';

/** What a threshold does: distances at or below it count as a match. */
export interface ErrorRates {
  threshold: number;
  /** False accept rate: impostor comparisons that match. null without any. */
  far: Proportion | null;
  /** False reject rate: genuine comparisons that do not. null without any. */
  frr: Proportion | null;
}

/** How many independent comparisons the counted ones are worth at a threshold; as many as counted unless told. */
export type EffectiveCount = (kind: keyof Scores, threshold: number) => number;

/** Errors at a threshold, each with its 95 % bounds. */
export function errorRates(
  scores: Scores,
  threshold: number,
  effective: EffectiveCount = (kind) => scores[kind].length,
): ErrorRates {
  const { genuine, impostor } = scores;
  const accepted = countAccepted(impostor, threshold);
  const rejected = genuine.length - countAccepted(genuine, threshold);
  return {
    threshold,
    far: proportion(accepted, impostor.length, effective('impostor', threshold)),
    frr: proportion(rejected, genuine.length, effective('genuine', threshold)),
  };
}

import { overlap, type Box } from './face.js';

export interface Detection {
  /** Pixels of the picture. */
  box: Box;
  /** 0..1. */
  score: number;
}

/**
 * Non-maximum suppression: of detections that overlap by more than `limit` (intersection over union, 0..1) the one with
 * the best score stays. Best first.
 */
export function suppress(detections: readonly Detection[], limit: number): Detection[] {
  const kept: Detection[] = [];
  for (const candidate of [...detections].sort((a, b) => b.score - a.score))
    if (kept.every((better) => overlap(better.box, candidate.box) <= limit)) kept.push(candidate);
  return kept;
}

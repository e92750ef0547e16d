import type { Box } from './face.js';

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

/** Intersection over union of two boxes, 0..1. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const common = width * height;
  return common / (a.width * a.height + b.width * b.height - common);
}

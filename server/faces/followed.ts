import { overlap } from './face.js';
import type { Detection } from './suppress.js';
import type { FollowedFace } from './face.js';

/**
 * From which quality on each detection is to be embedded: as its followed face says, or 0 for one that nobody
 * follows. Where two could be meant, neither counts as followed: whoever crosses another's way is looked at anew.
 */
export function embedAbove(detections: readonly Detection[], followed: readonly FollowedFace[]): number[] {
  const pairs = detections.map(({ box }) =>
    followed.flatMap((face, index) => (overlap(box, face.box) >= SAME_PLACE ? [index] : [])),
  );
  const claims = new Map<number, number>();
  for (const index of pairs.flat()) claims.set(index, (claims.get(index) ?? 0) + 1);
  return pairs.map((indices) =>
    indices.length === 1 && claims.get(indices[0]) === 1 ? followed[indices[0]].embedAbove : 0,
  );
}

/** Intersection over union. */
const SAME_PLACE = 0.4;

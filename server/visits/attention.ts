import type { FollowedFace } from '../faces/face.js';
import { overlap } from '../faces/face.js';
import { moved } from './track.js';
import type { Stay } from './stay.js';
import type { VisitState } from './visit.js';

/**
 * Where each face that is followed is expected at a moment, and whether it needs to be embedded there.
 *
 * Undecided or doubted tracks are embedded in every frame. One that is sure is only found again, until its recheck is
 * due: then the next frame that shows it about as well as it was ever seen is embedded, and after `PATIENCE_MS` without
 * such a frame whichever comes. Whose box touches another's is never taken for sure: people who cross are told
 * apart by their faces, not by their places. Neither is who was missed in the latest frame.
 *
 * @param now monotonic ms
 */
export function attention(state: VisitState, now: number): FollowedFace[] {
  const recent = state.stays.filter(({ seen, track }) => seen || now - track.latest.arrivedAt <= RECENT_MS);
  const boxes = recent.map(({ track }) => {
    const { face, arrivedAt } = track.latest;
    return moved(face.box, track.velocity, Math.max(0, now - arrivedAt));
  });
  return recent.map((stay, index) => {
    const isCrossed = boxes.some((other, at) => at !== index && overlap(other, boxes[index]) > 0);
    return { box: boxes[index], embedAbove: isCrossed ? 0 : embedAbove(stay, state, now) };
  });
}

function embedAbove(stay: Stay, { options }: VisitState, now: number): number {
  const { visit, seen, against, strange, track } = stay;
  if (!seen || !visit?.verdict || against.length > 0 || strange || !track.embedded) return 0;
  const { recheckMs, recheckUnknownMs } = options;
  const due = track.embedded.arrivedAt + (visit.verdict.person ? recheckMs : recheckUnknownMs);
  if (now < due) return Infinity;
  return now < due + PATIENCE_MS ? ABOUT_AS_GOOD * track.bestQuality : 0;
}

/** Whom the detector missed is looked for where they were for this long, ms. */
const RECENT_MS = 2_000;
/** How long a due recheck waits for a good frame, ms. */
const PATIENCE_MS = 1_000;
/** Part of the best quality so far. */
const ABOUT_AS_GOOD = 0.9;

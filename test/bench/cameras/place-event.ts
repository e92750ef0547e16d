import type { Box, FrameSize } from '../../../server/events/event.js';
import type { SentPicture } from './camera-server.js';
import { castAt, pixelsAPicture } from './cast.js';
import { streams, type StreamName } from './kinds.js';

/** Where a face's box may be off from where somebody was drawn, in pictures that they walk in that time. */
const MOST_OFF = 1.5;

/**
 * Which sent picture an event speaks of. Whoever crosses the busy clip comes on by about thirteen pixels a picture, so
 * the middle of the face's box tells the picture, to one picture or so; people follow each other in far more time than
 * an event takes.
 *
 * @param box of the very picture, in pixels of `frame`
 * @param sent what the camera sent before the event
 * @returns the picture and when it was sent, wall clock ms; null where nobody was drawn there: no event of the clip
 */
export function placeEvent(
  { box, frame }: { box: Box; frame: FrameSize },
  sent: readonly SentPicture[],
  stream: StreamName,
): SentPicture | null {
  const middle = ((box.x + box.width / 2) * streams[stream].width) / frame.width;
  let nearest: SentPicture | null = null;
  let off = MOST_OFF * pixelsAPicture(stream);
  for (const one of sent)
    for (const { x } of castAt(one[0], stream)) {
      if (Math.abs(x - middle) >= off) continue;
      off = Math.abs(x - middle);
      nearest = one;
    }
  return nearest;
}

/** When a picture of the clip was last sent, wall clock ms; null: not among these. */
export function placeEntrance(picture: number, sent: readonly SentPicture[]): number | null {
  return sent.findLast(([index]) => index === picture)?.[1] ?? null;
}

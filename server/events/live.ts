import { decodeFramed, encodeFramed } from './framed.js';
import type { Box, FrameSize, PersonRef } from './event.js';

/** One face of a live frame, as its tracker sees it at this moment. */
export interface LiveFace {
  /** The visit that this face belongs to; null until the track is confirmed. */
  visit: string | null;
  box: Box;
  score: number;
  /** pending: not decided yet. */
  status: 'pending' | 'recognised' | 'unknown';
  person: PersonRef | null;
  distance: number | null;
  threshold: number;
  /** Why a pending face cannot be recognised at this moment, in the operator's words: `too small: 31 px …`. */
  problem: string | null;
}

/**
 * What is sent before the JPEG in each binary message of `/ws/live/CAMERA`. The message is: the header's
 * length in bytes (uint32, big endian), the header (UTF-8 JSON), the JPEG. The faces are those of this very
 * picture, so boxes and picture are always in step. With `?pictures=0` the JPEG is left out. Boxes are in pixels of `frame`, not of the (smaller) JPEG.
 */
export interface LiveHeader {
  camera: string;
  /** Counts up by one for every frame the camera delivered; gaps are frames that were not recognised. */
  sequence: number;
  /** ISO 8601, UTC: when the frame arrived. */
  at: string;
  frame: FrameSize;
  faces: LiveFace[];
  /** From the frame's arrival to its faces being known. */
  latencyMs: number;
}

/** Header and picture as one binary message. */
export function encodeLive(header: LiveHeader, jpeg: Uint8Array): Uint8Array {
  return encodeFramed(header, jpeg);
}

/** The inverse of encodeLive; throws a RangeError or SyntaxError on a message that is not one. */
export function decodeLive(message: ArrayBuffer): { header: LiveHeader; jpeg: Uint8Array<ArrayBuffer> } {
  const { header, payload } = decodeFramed(message);
  return { header: header as LiveHeader, jpeg: payload };
}

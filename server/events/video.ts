import { decodeFramed, encodeFramed } from './framed.js';

/**
 * `/ws/video/CAMERA`, text messages. `video.start`: the next binary message is the head of a fragmented MP4 of
 * this codec and size, and every one after that a fragment. `video.none`: there is no video, or none any more; a
 * `video.start` may follow at any time.
 */
export type VideoMessage =
  | {
      type: 'video.start';
      camera: string;
      /** RFC 6381, for `MediaSource.isTypeSupported('video/mp4; codecs="…"')`. */
      codec: string;
      /** Pixels. */
      width: number;
      height: number;
    }
  | { type: 'video.none'; camera: string };

/** What stands before each fragment (one picture: `moof` and `mdat`) in its binary message. */
export interface FragmentHeader {
  /** ISO 8601, UTC: when the picture arrived, by the same clock as `at` of the live headers. */
  at: string;
  /** When it is shown on the video's own clock, ms. */
  timeMs: number;
  durationMs: number;
  /** Whether decoding can begin here. */
  keyframe: boolean;
}

/** Header and fragment as one binary message. */
export function encodeFragment(header: FragmentHeader, fragment: Uint8Array): Uint8Array {
  return encodeFramed(header, fragment);
}

/** The inverse of encodeFragment; throws a RangeError or SyntaxError on a message that is not one. */
export function decodeFragment(message: ArrayBuffer): {
  header: FragmentHeader;
  fragment: Uint8Array<ArrayBuffer>;
} {
  const { header, payload } = decodeFramed(message);
  return { header: header as FragmentHeader, fragment: payload };
}

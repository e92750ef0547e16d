import type { YuvPicture } from '../frames/frame.js';

/** Tells the thread to finish what it has in hand and go. */
export const END = 'end';

/** To the thread of live pictures. The planes lie in shared memory, and stay as they are until it has answered. */
export interface WantedPicture {
  id: number;
  camera: string;
  picture: YuvPicture;
}

/** Its answer. */
export interface MadePicture {
  id: number;
  camera: string;
  jpeg: Uint8Array | null;
  /** Why there is no JPEG; null where there is. */
  problem: string | null;
}

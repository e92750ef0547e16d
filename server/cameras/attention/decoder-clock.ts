import type { VideoFragment } from '../../frames/video.js';
import { TICKS_A_SECOND } from '../video/write-matroska.js';

/** What is decoded anew begins a whole number of these later, ms, so that spans of 1/fps stay where they are. */
const GRID_MS = 1000;

/**
 * The clock of what one decoder is fed. It only goes forward, though key pictures are fed again when what follows them is
 * wanted after all. Whether a picture is wanted is told by its time: an even number of ticks, as `isWanted` reads it. So a decoder
 * that runs on delivers, of pictures that it needs only for others, none.
 */
export class DecoderClock {
  /** Of the picture before: the video's time and ours, ms. */
  #before: { theirs: number; ours: number } | null = null;
  /** The latest moment that was told, ms. */
  #latest = 0;

  /** When a picture is to be shown, ticks; pictures come in the order in which they are decoded. */
  ticks({ decodeTimeMs, compositionMs }: VideoFragment, wanted: boolean): number {
    const ours = this.#decodeTime(decodeTimeMs);
    this.#before = { theirs: decodeTimeMs, ours };
    const shown = Math.max(0, ours + compositionMs);
    this.#latest = Math.max(this.#latest, shown);
    return 2 * Math.round((shown * TICKS_A_SECOND) / 2000) + (wanted ? 0 : 1);
  }

  #decodeTime(theirs: number): number {
    if (this.#before !== null && theirs > this.#before.theirs)
      return this.#before.ours + theirs - this.#before.theirs;
    return Math.ceil((this.#latest + GRID_MS) / GRID_MS) * GRID_MS;
  }
}

/** An expression of ffmpeg's filters: whether the picture is one that was wanted when it was fed. */
export const isWanted = 'not(mod(pts\\,2))';

import type { VideoFragment } from '../../frames/video.js';
import { TICKS_A_SECOND } from '../video/write-matroska.js';

/** A step of the camera's clock that is larger, or that leads back, is not believed, ms. */
const LONGEST_STEP_MS = 60_000;
/** What is decoded anew, or follows a jump, begins a whole number of these later, ms, so that spans of 1/fps stay where they are. */
const GRID_MS = 1000;
/** After the latest picture nothing begins sooner, ms: no two pictures fall into one span for it. */
const APART_MS = 1000;

/**
 * The clock of what one decoder is fed. It only goes forward, though key pictures are fed again when what follows them is
 * wanted after all, and though a camera may set its own. Whether a picture is wanted is told by its time: an even
 * number of ticks, as `isWanted` reads it. So a decoder that runs on delivers, of pictures that it needs only for others, none.
 */
export class DecoderClock {
  /** By how much it is ahead of the camera's clock, and what was told last; ms. */
  #ahead = 0;
  #real: number | null = null;
  #told = 0;

  /** When a picture is to be shown, ticks; pictures come in the order in which they are decoded. */
  ticks({ decodeTimeMs, compositionMs }: VideoFragment, wanted: boolean): number {
    const step = this.#real === null ? -1 : decodeTimeMs - this.#real;
    if (step <= 0 || step > LONGEST_STEP_MS)
      this.#ahead = Math.ceil((this.#told + APART_MS) / GRID_MS) * GRID_MS - decodeTimeMs;
    this.#real = decodeTimeMs;
    this.#told = Math.max(this.#told, decodeTimeMs + compositionMs + this.#ahead);
    const shown = Math.max(0, decodeTimeMs + compositionMs + this.#ahead);
    return 2 * Math.round((shown * TICKS_A_SECOND) / 2000) + (wanted ? 0 : 1);
  }
}

/** An expression of ffmpeg's filters: whether the picture is one that was wanted when it was fed. */
export const isWanted = 'not(mod(pts\\,2))';

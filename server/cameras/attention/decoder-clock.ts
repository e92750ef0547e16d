import type { VideoFragment } from '../../frames/video.js';
import { TICKS_A_SECOND } from '../video/write-matroska.js';

/** A step of the camera's clock that is larger is not believed, ms. */
const LONGEST_STEP_MS = 60_000;
/** Nor is one that is smaller: so ffmpeg spaces what a camera sends after its clock was set back, until the old time comes again. */
const SHORTEST_STEP_MS = 1;
/** Nor that a picture is shown so much earlier or later than it is decoded, ms. */
const LONGEST_COMPOSITION_MS = 5_000;
/** From one picture to the next as long as no step was believed, ms. */
const USUAL_STEP_MS = 40;
/** What is decoded anew, or follows a jump, begins a whole number of these later, ms, so that spans of 1/fps stay where they are. */
const GRID_MS = 1000;

/**
 * The clock of what one decoder is fed. It only goes forward, though key pictures are fed again when what follows them is
 * wanted after all, and though a camera may set its own. Whether a picture is wanted is told by its time: an even
 * number of ticks, as `isWanted` reads it. So a decoder that runs on delivers, of pictures that it needs only for others, none.
 */
export class DecoderClock {
  /** Of the picture before: the camera's time and ours, ms. */
  #before: { theirs: number; ours: number } | null = null;
  /** The latest moment that was told, ms. */
  #latest = 0;
  #step = USUAL_STEP_MS;

  /** When a picture is to be shown, ticks; pictures come in the order in which they are decoded. */
  ticks({ decodeTimeMs, compositionMs }: VideoFragment, wanted: boolean): number {
    const ours = this.#decodeTime(decodeTimeMs);
    this.#before = { theirs: decodeTimeMs, ours };
    const later = Math.abs(compositionMs) < LONGEST_COMPOSITION_MS ? compositionMs : 0;
    const shown = Math.max(0, ours + later);
    this.#latest = Math.max(this.#latest, shown);
    return 2 * Math.round((shown * TICKS_A_SECOND) / 2000) + (wanted ? 0 : 1);
  }

  #decodeTime(theirs: number): number {
    const step = this.#before === null ? -1 : theirs - this.#before.theirs;
    if (step <= 0 || step > LONGEST_STEP_MS) return Math.ceil((this.#latest + GRID_MS) / GRID_MS) * GRID_MS;
    if (step >= SHORTEST_STEP_MS) this.#step = step;
    return this.#before!.ours + this.#step;
  }
}

/** An expression of ffmpeg's filters: whether the picture is one that was wanted when it was fed. */
export const isWanted = 'not(mod(pts\\,2))';

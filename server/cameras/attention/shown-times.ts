import type { FfmpegDialect } from '../find-ffmpeg.js';
import { TICKS_A_SECOND } from '../video/write-matroska.js';

/**
 * Filters of ffmpeg that say of each picture that passes them when it is shown, as `ShownTimes` reads it. Old builds may say nothing by
 * `metadata`; `showinfo`, which adds up all bytes of a picture, too, costs a millisecond for one of 1080p.
 */
export const sayTimes = (dialect: FfmpegDialect): readonly string[] =>
  dialect === 'old' ? ['showinfo'] : ['metadata=mode=add:key=shown:value=1', 'metadata=mode=print'];
const TIME = /\[Parsed_(?:metadata|showinfo)[^\]]*\].*? pts:\s*(\d+)/;

/** Pixels and what is said of them come by two ways, and the pixels, which are more, later. More than so many apart is an error. */
const MOST_TOLD = 4;

/** Tells of each frame that leaves a decoder when its picture had arrived: what went in carries a time, and comes out with it. */
export class ShownTimes {
  /** What was fed and is not shown yet, in the order in which it was fed. */
  #fed: { ticks: number; at: number }[] = [];
  /** Of frames that are still to come. */
  #told: number[] = [];
  /** Span of the frame that was shown last. */
  #span = -1;
  readonly #fps: number;

  /** @param fps one frame is shown in each span of 1/fps, as `firstOfEachSpan` chooses */
  constructor(fps: number) {
    this.#fps = fps;
  }

  /** When the oldest picture had arrived that was fed, is to be shown, and is not shown yet, monotonic ms; null: there is none. */
  get dueSince(): number | null {
    return this.#fed.find(({ ticks }) => this.#spanOf(ticks) !== this.#span)?.at ?? null;
  }

  /** @param at when the picture had arrived, monotonic ms */
  fed(ticks: number, at: number): void {
    this.#fed.push({ ticks, at });
  }

  /** Of what ffmpeg says each line. */
  line(text: string): void {
    const ticks = TIME.exec(text)?.[1];
    if (ticks === undefined) return;
    this.#told.push(Number(ticks));
    if (this.#told.length > MOST_TOLD) this.#told.shift();
  }

  /** A frame left the decoder. When it had arrived, monotonic ms; null where nothing is known of it. */
  shown(): number | null {
    const ticks = this.#told.shift();
    const found = this.#fed.find((each) => each.ticks === ticks);
    if (!found) {
      // Nothing is known of what is still to come, then.
      this.#fed = [];
      return null;
    }
    this.#fed = this.#fed.filter((each) => each.ticks > found.ticks);
    this.#span = this.#spanOf(found.ticks);
    return found.at;
  }

  #spanOf(ticks: number): number {
    return Math.floor((ticks / TICKS_A_SECOND) * this.#fps + 0.5);
  }
}

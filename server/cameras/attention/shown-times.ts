import { TICKS_A_SECOND } from '../video/write-matroska.js';

/**
 * Of an expression of ffmpeg's `select`, one that also says of each picture that it chooses when that is shown, as `ShownTimes` reads it. It costs
 * nothing: filters that are made for telling of pictures add up their bytes (`showinfo`), or say nothing in old builds (`metadata`).
 */
export const sayTime = (choice: string): string => `if(${choice}\\,gte(print(pts)\\,0))`;
/** What an expression prints has no name in front, or that of its kind. */
const TIME = /^(?:\[Eval @ [^\]]*\] )?\[info\] (\d+)\.0+$/;

/** Pixels and what is said of them come by two ways, now the one sooner and now the other. More than so many apart is an error. */
const MOST_APART = 4;

interface Fed {
  readonly ticks: number;
  /** When it had arrived, monotonic ms. */
  readonly at: number;
  /** How many were fed before it, wanted or not. */
  readonly place: number;
}

/** Tells of each frame that leaves a decoder when its picture had arrived: what went in carries a time, and comes out with it. */
export class ShownTimes {
  /** What was fed, is wanted and is not shown yet, in the order in which it was fed. */
  #fed: Fed[] = [];
  /** How many were fed in all. */
  #count = 0;
  /** Of frames that are still to come. */
  #told: number[] = [];
  /** Frames that came before what is said of them. */
  #untold = 0;
  /** Span of the frame that was shown last. */
  #span = -1;
  readonly #fps: number;

  /** @param fps one frame is shown in each span of 1/fps, as `firstOfEachSpan` chooses */
  constructor(fps: number) {
    this.#fps = fps;
  }

  /** Pictures that were fed after the oldest that is to be shown and is not yet; 0 where there is none. */
  get unshown(): number {
    const oldest = this.#fed.find((each) => this.#isDue(each));
    return oldest ? this.#count - 1 - oldest.place : 0;
  }

  /**
   * @param at when the picture had arrived, monotonic ms
   * @param wanted whether it may be shown
   */
  fed(ticks: number, at: number, wanted = true): void {
    if (wanted) this.#fed.push({ ticks, at, place: this.#count });
    this.#count += 1;
  }

  /** Of what ffmpeg says each line. */
  line(text: string): void {
    const said = TIME.exec(text)?.[1];
    if (said === undefined) return;
    const ticks = Number(said);
    if (this.#untold > 0) {
      this.#untold -= 1;
      this.#leaves(ticks);
      return;
    }
    this.#told.push(ticks);
    if (this.#told.length > MOST_APART) this.#told.shift();
  }

  /** A frame left the decoder. When it had arrived, monotonic ms; null where nothing is known of it. */
  shown(): number | null {
    const told = this.#told.shift();
    if (told !== undefined) {
      const found = this.#fed.find(({ ticks }) => ticks === told);
      if (found) this.#leaves(told);
      // Nothing is known of what is still to come, then.
      else this.#fed = [];
      return found?.at ?? null;
    }
    // What is said of it is under way, or this ffmpeg says nothing. Unless a picture was damaged it is the next that is due.
    this.#untold = Math.min(this.#untold + 1, MOST_APART);
    const due = this.#fed.filter((each) => this.#isDue(each));
    const next = due.reduce<Fed | null>(
      (first, each) => (first && first.ticks < each.ticks ? first : each),
      null,
    );
    if (next) this.#leaves(next.ticks);
    return next?.at ?? null;
  }

  /** Only the first of each span is shown. */
  #isDue({ ticks }: Fed): boolean {
    return this.#spanOf(ticks) !== this.#span;
  }

  #leaves(ticks: number): void {
    this.#fed = this.#fed.filter((each) => each.ticks > ticks);
    this.#span = this.#spanOf(ticks);
  }

  #spanOf(ticks: number): number {
    return Math.floor((ticks / TICKS_A_SECOND) * this.#fps + 0.5);
  }
}

/**
 * Notices that a camera's encoded pictures grew: what does not move costs an encoder next to nothing, so the size of the
 * pictures between two key pictures says that something moves, without any of them being decoded.
 *
 * Two pictures in a row have to be far above the running median: one alone is a lost packet or a lamp. An encoder that
 * alternates small and large pictures is one whose sizes say nothing, and never has two.
 */
export class SizeWatch {
  #sizes: number[] = [];
  #arrived = 0;
  /** The running median, bytes; nothing is above it while it is not known. */
  #usual = Infinity;
  #above = 0;
  #factor = LEAST_FACTOR;

  /**
   * A picture that is no key picture came while the camera was quiet.
   *
   * @param bytes its size
   * @returns whether the pictures have grown
   */
  arrived(bytes: number): boolean {
    this.#above = bytes > this.#usual * this.#factor + LEAST_BYTES ? this.#above + 1 : 0;
    this.#sizes.push(bytes);
    if (this.#sizes.length > WINDOW) this.#sizes.shift();
    this.#arrived += 1;
    if (this.#sizes.length >= LEAST_KNOWN && this.#arrived % MEDIAN_EVERY === 0)
      this.#usual = median(this.#sizes);
    if (this.#above < IN_A_ROW) return false;
    this.#above = 0;
    return true;
  }

  /** What it noticed was something that moved. */
  wasRight(): void {
    this.#factor = Math.max(LEAST_FACTOR, this.#factor / STEP);
  }

  /** What it noticed was nothing: this is what the camera's pictures are like now (night, rain), or it was too eager. */
  wasWrong(): void {
    this.#factor = Math.min(MOST_FACTOR, this.#factor * STEP);
    this.#sizes = [];
    this.#usual = Infinity;
  }
}

/** Pictures: about three seconds, and how many say what is usual. */
const WINDOW = 75;
const LEAST_KNOWN = 20;
/** Pictures; sorting for each of them would be most of what this costs. */
const MEDIAN_EVERY = 10;
const IN_A_ROW = 2;
/** Times the median, and so many bytes more: the pictures of a still scene may have a few bytes only. */
const LEAST_FACTOR = 2;
const MOST_FACTOR = 10;
const STEP = 1.5;
const LEAST_BYTES = 150;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

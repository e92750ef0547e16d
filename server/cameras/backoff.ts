export interface BackoffOptions {
  /** Longest first pause, ms. */
  readonly firstMs: number;
  /** Longest pause of a camera that may be back any moment, ms. */
  readonly capMs: number;
  /** Pause of a camera that waits for a person (wrong password), ms. */
  readonly slowMs: number;
}

export const usualBackoff: BackoffOptions = { firstMs: 500, capMs: 1500, slowMs: 60_000 };

/** The shortest pause is this part of the longest: nearly all of the span is drawn from. */
const LEAST = 0.1;

/**
 * Pauses that double up to a cap, each drawn from nearly all of its span, so that cameras that were lost at once do not come
 * back in step ("full jitter": Brooker, Exponential Backoff And Jitter, 2015). Of twenty, at most 11 try within the same
 * 100 ms the first time and 8 the second, in 99 of 100 draws; from the upper half alone it would be 15 and 10.
 */
export class Backoff {
  #failures = 0;
  readonly #options: BackoffOptions;
  readonly #random: () => number;

  /** @param random gives numbers in [0, 1) */
  constructor(options: BackoffOptions, random: () => number) {
    this.#options = options;
    this.#random = random;
  }

  /** All is well again: the next pause is a short one. */
  reset(): void {
    this.#failures = 0;
  }

  /**
   * The pause before the next try, ms.
   *
   * @param spentMs how long the vain try took: that has been waited already, and a short breath is left, drawn like any
   *   pause, for cameras of one network fail to answer at the same moment
   */
  next(retry: 'soon' | 'slowly', spentMs = 0): number {
    const { firstMs, capMs, slowMs } = this.#options;
    const longest = Math.min(capMs, firstMs * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    // Who waits for a person is in no hurry, and an account must not be locked.
    if (retry === 'slowly') return slowMs * (0.5 + this.#random() / 2);
    const left = this.#drawn(longest) - spentMs;
    return left > 0 ? left : this.#drawn(firstMs);
  }

  #drawn(longest: number): number {
    return longest * (LEAST + (1 - LEAST) * this.#random());
  }
}

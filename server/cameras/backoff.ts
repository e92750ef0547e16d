export interface BackoffOptions {
  /** Longest first pause, ms. */
  readonly firstMs: number;
  /** Longest pause of a camera that may be back any moment, ms. */
  readonly capMs: number;
  /** Pause of a camera that waits for a person (wrong password), ms. */
  readonly slowMs: number;
}

export const usualBackoff: BackoffOptions = { firstMs: 500, capMs: 1500, slowMs: 60_000 };

/**
 * Pauses that double up to a cap, each drawn from the upper half of its span, so that twenty cameras that were
 * lost at once do not come back in step ("equal jitter": Brooker, Exponential Backoff And Jitter, 2015).
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

  /** The pause before the next try, ms. */
  next(retry: 'soon' | 'slowly'): number {
    const { firstMs, capMs, slowMs } = this.#options;
    const longest =
      retry === 'slowly' ? slowMs : Math.min(capMs, firstMs * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return longest * (0.5 + this.#random() / 2);
  }
}

/** The newest values of something that is measured again and again, for their quantiles. Memory is bounded. */
export class RecentValues {
  readonly #values: Float64Array;
  #count = 0;

  constructor(capacity = 256) {
    this.#values = new Float64Array(capacity);
  }

  add(value: number): void {
    this.#values[this.#count % this.#values.length] = value;
    this.#count += 1;
  }

  /** Each wanted quantile (0..1) of the newest values, nearest rank; null before the first value. */
  quantiles<Q extends readonly number[]>(...wanted: Q): { [K in keyof Q]: number } | null {
    if (this.#count === 0) return null;
    const sorted = this.#values.slice(0, Math.min(this.#count, this.#values.length)).sort();
    return wanted.map(
      (q) => sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - (q > 0 ? 1 : 0))],
    ) as {
      [K in keyof Q]: number;
    };
  }
}

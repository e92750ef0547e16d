import { openNearKernels, type NearCode, type NearKernels } from './near-kernels.js';

/** Rows that are multiplied in one call at most. */
export const MOST_LEFT = 64;

/** Products of rows with a set of rows that stays, in 32-bit floats. */
export class Products {
  /** Rows of the set, rounded up to an even number: so many products belong to each row. */
  readonly many: number;
  readonly #kernels: NearKernels;
  /** Numbers of a row, and the same rounded up to a multiple of four. */
  readonly #length: number;
  readonly #line: number;
  readonly #right: number;
  readonly #starts: number;
  readonly #out: number;

  /**
   * @param right many x length numbers
   * @param starts many numbers: of each row of the set what its products begin with, if not nought
   */
  constructor(code: NearCode, right: Float32Array, length: number, starts?: Float32Array) {
    this.#length = length;
    this.#line = Math.ceil(length / 4) * 4;
    this.many = Math.ceil(right.length / length / 2) * 2;
    this.#right = MOST_LEFT * this.#line * 4;
    this.#starts = this.#right + this.many * this.#line * 4;
    this.#out = this.#starts + this.many * 4;
    this.#kernels = openNearKernels(code, this.#out + MOST_LEFT * this.many * 4);
    this.#lay(right, this.#right);
    if (starts) new Float32Array(this.#kernels.memory.buffer, this.#starts).set(starts);
  }

  /**
   * @param left count x length numbers, at most MOST_LEFT rows
   * @returns count x many products, until the next call
   */
  times(left: Float32Array): Float32Array {
    const count = left.length / this.#length;
    const { memory, functions } = this.#kernels;
    this.#lay(left, 0);
    functions.products(
      0,
      Math.ceil(count / 4) * 4,
      this.#right,
      this.#starts,
      this.many,
      this.#line,
      this.#out,
    );
    return new Float32Array(memory.buffer, this.#out, count * this.many);
  }

  #lay(rows: Float32Array, at: number): void {
    const line = this.#line;
    const length = this.#length;
    const to = new Float32Array(this.#kernels.memory.buffer, at, (rows.length / length) * line);
    if (line === length) to.set(rows);
    else
      for (let row = 0; row * length < rows.length; row += 1)
        to.set(rows.subarray(row * length, (row + 1) * length), row * line);
  }
}

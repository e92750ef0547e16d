import { ZERO } from './block-minima.js';

/**
 * Largest size of a row's code. Seven bits and not eight: two products of a code and a probe's byte then fit 16 bits,
 * which is where processors without dot-product instructions add them up.
 */
const LARGEST = ZERO - 1;
const LARGEST_PROBE = 127;
/** More than any row's result can be, and far from overflowing: the norm of a row that is nobody's. */
const NOBODY = 2 ** 30;
/** A step covers at most this many times the root mean square of the numbers: one outlier must not coarsen them all. */
const MOST_RMS = 6;
/** Upwards of whatever rounding to float32 or double may have taken away. */
const ROUNDING = 1 + 1e-6;

/** A batch of probes in a chunk's steps. */
export interface CodedProbes {
  /** length x count: the probes stand side by side. */
  codes: Int8Array;
  /** |p|^2 of each. */
  norms: Float64Array;
  /** How far each lies from its code. */
  residuals: Float64Array;
}

/**
 * A coarse copy of a chunk of rows in bytes: row ~ centre + step * code. It never decides anything: with how far each
 * row lies from its copy (its residual) and the triangle inequality it says how near a row can be at most,
 *
 *     |probe - row| >= |coarse probe - coarse row| - |probe - coarse probe| - |row - coarse row|
 *
 * and whatever can be near is compared exactly. A probe has half the step of the rows, so that with codes p and c
 * |coarse probe - coarse row|^2 = step^2 * (|p|^2 / 4 + |c|^2 - p * c), where |c|^2 - p * c is a whole number: what
 * BlockMinima computes. Embeddings lie far from nought and near each other, hence the centre: it makes the step less
 * than half as wide.
 */
export class CoarseChunk {
  readonly codes: Uint8Array;
  /** |c|^2 of each row; NOBODY where there is none. */
  readonly norms: Int32Array;
  /** Of each block the largest residual. */
  readonly #slack: Float32Array;
  readonly #rows: Float32Array;
  readonly #length: number;
  readonly #block: number;
  readonly #residuals: Float32Array;
  readonly #used: Uint8Array;
  readonly #centre: Float64Array;
  #step = 1;
  #count = 0;
  /** Centre and step are chosen anew at this many rows: twice as many as when they were chosen. */
  #chooseAt = 1;

  /** @param rows the chunk, whose rows are nobody's so far */
  constructor(rows: Float32Array, length: number, block: number) {
    const count = rows.length / length;
    this.#rows = rows;
    this.#length = length;
    this.#block = block;
    this.codes = new Uint8Array(rows.length).fill(ZERO);
    this.norms = new Int32Array(count).fill(NOBODY);
    this.#slack = new Float32Array(count / block);
    this.#residuals = new Float32Array(count);
    this.#used = new Uint8Array(count);
    this.#centre = new Float64Array(length);
  }

  /** Rows of the chunk were written, or given free. */
  change(written: Iterable<number>, freed: Iterable<number>): void {
    const blocks = new Set<number>();
    const blockOf = (row: number) => Math.floor(row / this.#block);
    for (const row of freed) {
      this.#count -= this.#used[row];
      this.#used[row] = 0;
      this.norms[row] = NOBODY;
      this.#residuals[row] = 0;
      blocks.add(blockOf(row));
    }
    const coded: number[] = [];
    for (const row of written) {
      this.#count += 1 - this.#used[row];
      this.#used[row] = 1;
      coded.push(row);
      blocks.add(blockOf(row));
    }
    if (this.#count >= this.#chooseAt) {
      this.#chooseStep();
      this.#used.forEach((used, row) => used && this.#encode(row));
      this.#slack.forEach((_, block) => this.#measure(block));
      return;
    }
    for (const row of coded) this.#encode(row);
    for (const block of blocks) this.#measure(block);
  }

  encodeProbes(probes: Float32Array, count: number): CodedProbes {
    const length = this.#length;
    const step = this.#step / 2;
    const codes = new Int8Array(length * count);
    const norms = new Float64Array(count);
    const residuals = new Float64Array(count);
    for (let probe = 0; probe < count; probe += 1) {
      let squares = 0;
      for (let i = 0; i < length; i += 1) {
        const value = probes[probe * length + i] - this.#centre[i];
        const code = Math.max(-LARGEST_PROBE, Math.min(LARGEST_PROBE, Math.round(value / step)));
        codes[i * count + probe] = code;
        norms[probe] += code * code;
        squares += (value - code * step) ** 2;
      }
      residuals[probe] = Math.sqrt(squares) * ROUNDING;
    }
    return { codes, norms, residuals };
  }

  /**
   * Writes how near the rows of each block can be to a probe at most; Infinity for a block that is nobody's.
   *
   * @param minima of BlockMinima, blocks x coded.norms.length
   * @param to where in `least` the first block goes
   */
  leastDistances(
    minima: Int32Array,
    coded: CodedProbes,
    probe: number,
    least: Float64Array,
    to: number,
  ): void {
    const count = coded.norms.length;
    const quarter = coded.norms[probe] / 4;
    const residual = coded.residuals[probe];
    const slack = this.#slack;
    const step = this.#step / ROUNDING;
    for (let block = 0; block < slack.length; block += 1) {
      const minimum = minima[block * count + probe];
      const coarse = step * Math.sqrt(Math.max(0, quarter + minimum));
      least[to + block] = minimum > NOBODY / 2 ? Infinity : Math.max(0, coarse - residual - slack[block]);
    }
  }

  #chooseStep(): void {
    const length = this.#length;
    const centre = this.#centre.fill(0);
    const rows: number[] = [];
    this.#used.forEach((used, row) => used && rows.push(row * length));
    for (const row of rows)
      for (let i = 0; i < length; i += 1) centre[i] += this.#rows[row + i] / rows.length;
    let largest = 0;
    let squares = 0;
    for (const row of rows)
      for (let i = 0; i < length; i += 1) {
        const size = Math.abs(this.#rows[row + i] - centre[i]);
        if (size > largest) largest = size;
        squares += size * size;
      }
    const rms = Math.sqrt(squares / (rows.length * length));
    // A single row is its own centre: any step will do.
    this.#step = Math.min(largest, MOST_RMS * rms) / LARGEST || 1;
    this.#chooseAt = this.#count * 2;
  }

  #encode(row: number): void {
    const length = this.#length;
    const step = this.#step;
    const at = row * length;
    let norm = 0;
    let squares = 0;
    for (let i = 0; i < length; i += 1) {
      const value = this.#rows[at + i] - this.#centre[i];
      const code = Math.max(-LARGEST, Math.min(LARGEST, Math.round(value / step)));
      this.codes[at + i] = code + ZERO;
      norm += code * code;
      squares += (value - code * step) ** 2;
    }
    this.norms[row] = norm;
    this.#residuals[row] = Math.sqrt(squares) * ROUNDING;
  }

  #measure(block: number): void {
    const start = block * this.#block;
    let slack = 0;
    for (let row = start; row < start + this.#block; row += 1) slack = Math.max(slack, this.#residuals[row]);
    this.#slack[block] = slack;
  }
}

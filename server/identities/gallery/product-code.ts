import { setImmediate as nextTurn } from 'node:timers/promises';
import { AXES } from './space.js';

/** Parts that a row is coded in, 4 bits each: 8 bytes a row. */
export const PARTS = 16;
/** Axes that are coded: two a part, a wide one and a narrow one, so that all parts are about equally hard to code. */
const CODED = 2 * PARTS;
/** Values of a part. */
const VALUES = 16;
/** Largest entry of a table, and of the sums in assembly/scan.ts. */
const LARGEST = 255;
const ROUNDS = 8;
/** Rows that values are learnt from at most. */
const MOST_LEARNT = 8_192;

/**
 * A product quantiser (Jegou, Douze, Schmid 2011) with 4 bits a part: of each part of a row, the nearest of 16 values. How
 * far a probe is from each value is tabled once a probe, and a row's distance is a sum of 16 entries.
 */
export class ProductCode {
  /** PARTS x VALUES pairs: along axis `part`, and along axis `CODED - 1 - part`. */
  readonly #values: Float32Array;
  readonly #squares = new Float64Array(PARTS * VALUES);

  private constructor(values: Float32Array) {
    this.#values = values;
  }

  /** @param points rows x AXES numbers, at least one row */
  static async learn(points: Float32Array, signal: AbortSignal): Promise<ProductCode> {
    const values = new Float32Array(PARTS * VALUES * 2);
    const all = points.length / AXES;
    const count = Math.min(all, MOST_LEARNT);
    for (let part = 0; part < PARTS; part += 1) {
      const pairs = Array.from({ length: count }, (_, n): [number, number] => {
        const at = Math.floor((n * all) / count) * AXES;
        return [points[at + part], points[at + CODED - 1 - part]];
      });
      values.set(learnValues(pairs), part * VALUES * 2);
      await nextTurn(undefined, { signal });
    }
    return new ProductCode(values);
  }

  /**
   * @param point AXES numbers, from `at`
   * @param codes receives PARTS numbers 0..15
   * @returns the squared distance of the point from what the codes stand for
   */
  encode(points: Float32Array, at: number, codes: Uint8Array): number {
    const values = this.#values;
    let off = 0;
    for (let part = 0; part < PARTS; part += 1) {
      const x = points[at + part];
      const y = points[at + CODED - 1 - part];
      const first = part * VALUES * 2;
      let least = Infinity;
      for (let value = 0; value < VALUES; value += 1) {
        const squared = (x - values[first + 2 * value]) ** 2 + (y - values[first + 2 * value + 1]) ** 2;
        if (squared >= least) continue;
        least = squared;
        codes[part] = value;
      }
      off += least;
    }
    for (let axis = CODED; axis < AXES; axis += 1) off += points[at + axis] ** 2;
    return off;
  }

  /**
   * Writes how far a point is from each value of each part, less the least of the part, in steps that put `reach` at
   * LARGEST: whoever is further than that in one part alone need not be told from others who are.
   *
   * @param reach a squared distance
   * @param tables receives PARTS x VALUES bytes
   */
  table(points: Float32Array, at: number, reach: number, tables: Uint8Array): void {
    const squares = this.#squares;
    let widest = 0;
    for (let part = 0; part < PARTS; part += 1) {
      const x = points[at + part];
      const y = points[at + CODED - 1 - part];
      const first = part * VALUES;
      let least = Infinity;
      let most = 0;
      for (let value = first; value < first + VALUES; value += 1) {
        const squared = (x - this.#values[2 * value]) ** 2 + (y - this.#values[2 * value + 1]) ** 2;
        squares[value] = squared;
        least = Math.min(least, squared);
        most = Math.max(most, squared);
      }
      widest = Math.max(widest, most - least);
      for (let value = first; value < first + VALUES; value += 1) squares[value] -= least;
    }
    const scale = LARGEST / Math.max(Math.min(reach, widest), Number.MIN_VALUE);
    for (let value = 0; value < squares.length; value += 1)
      tables[value] = Math.min(LARGEST, Math.round(squares[value] * scale));
  }
}

/** Lloyd's k-means in two dimensions, from where the points' sixteenths along the first axis lie. */
function learnValues(pairs: [number, number][]): Float32Array {
  const sorted = pairs.toSorted((a, b) => a[0] - b[0]);
  const values = Float32Array.from({ length: 2 * VALUES }, (_, i) => {
    const at = Math.floor(((Math.floor(i / 2) + 0.5) * sorted.length) / VALUES);
    return sorted[at][i % 2];
  });
  for (let round = 0; round < ROUNDS; round += 1) {
    const sums = new Float64Array(3 * VALUES);
    for (const [x, y] of pairs) {
      let nearest = 0;
      let least = Infinity;
      for (let value = 0; value < VALUES; value += 1) {
        const squared = (x - values[2 * value]) ** 2 + (y - values[2 * value + 1]) ** 2;
        if (squared >= least) continue;
        least = squared;
        nearest = value;
      }
      sums[3 * nearest] += 1;
      sums[3 * nearest + 1] += x;
      sums[3 * nearest + 2] += y;
    }
    for (let value = 0; value < VALUES; value += 1)
      if (sums[3 * value] > 0) {
        values[2 * value] = sums[3 * value + 1] / sums[3 * value];
        values[2 * value + 1] = sums[3 * value + 2] / sums[3 * value];
      }
  }
  return values;
}

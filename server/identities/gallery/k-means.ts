import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NearCode } from './near-kernels.js';
import { MOST_LEFT, Products } from './products.js';

const ROUNDS = 6;
/** Points that are placed between two turns: a few milliseconds. */
const SLICE = 4 * MOST_LEFT;

/** Centres by whose nearest a point is kept, fast: all of them are compared by products. */
export class Centres {
  /** count x length numbers. */
  readonly points: Float32Array;
  readonly count: number;
  readonly #products: Products;
  readonly #length: number;

  constructor(code: NearCode, points: Float32Array, length: number) {
    this.points = points;
    this.count = points.length / length;
    this.#length = length;
    const norms = Float32Array.from({ length: this.count }, (_, centre) => {
      let squared = 0;
      for (let i = 0; i < length; i += 1) squared += points[centre * length + i] ** 2;
      return squared;
    });
    // |c|^2 - 2 c * p in one pass.
    const doubled = points.map((value) => -2 * value);
    this.#products = new Products(code, doubled, length, norms);
  }

  /**
   * |c|^2 - 2 c * p of each point and centre: its squared distance less |p|^2.
   *
   * @param points at most MOST_LEFT x length numbers
   * @returns a row of `stride` for each point, until the next call
   */
  nearness(points: Float32Array): { values: Float32Array; stride: number } {
    return { values: this.#products.times(points), stride: this.#products.many };
  }

  /** The nearest centre of each point, of any number of points. */
  nearest(points: Float32Array): Uint32Array {
    const found = new Uint32Array(points.length / this.#length);
    for (let first = 0; first < found.length; first += MOST_LEFT) {
      const end = Math.min(found.length, first + MOST_LEFT);
      const { values, stride } = this.nearness(points.subarray(first * this.#length, end * this.#length));
      for (let point = first; point < end; point += 1) {
        const row = (point - first) * stride;
        let least = Infinity;
        for (let centre = 0; centre < this.count; centre += 1) {
          if (values[row + centre] >= least) continue;
          least = values[row + centre];
          found[point] = centre;
        }
      }
    }
    return found;
  }
}

/** Lloyd's k-means, from points that lie evenly among the others. */
export async function kMeans(
  code: NearCode,
  points: Float32Array,
  length: number,
  count: number,
  signal: AbortSignal,
): Promise<Centres> {
  const many = points.length / length;
  const start = new Float32Array(count * length);
  for (let centre = 0; centre < count; centre += 1) {
    const at = Math.floor((centre * many) / count) * length;
    start.set(points.subarray(at, at + length), centre * length);
  }
  let centres = new Centres(code, start, length);
  for (let round = 0; round < ROUNDS; round += 1) {
    const sums = new Float64Array(count * length);
    const counts = new Uint32Array(count);
    for (let first = 0; first < many; first += SLICE) {
      const some = points.subarray(first * length, Math.min(many, first + SLICE) * length);
      centres.nearest(some).forEach((centre, point) => {
        counts[centre] += 1;
        for (let i = 0; i < length; i += 1) sums[centre * length + i] += some[point * length + i];
      });
      await nextTurn(undefined, { signal });
    }
    // A centre that is nobody's nearest stays where it was.
    const moved = centres.points.map((value, at) => {
      const members = counts[Math.floor(at / length)];
      return members === 0 ? value : sums[at] / members;
    });
    centres = new Centres(code, moved, length);
  }
  return centres;
}

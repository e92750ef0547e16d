import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NearCode } from './near-kernels.js';
import { principalAxes } from './principal-axes.js';
import { MOST_LEFT, Products } from './products.js';
import { centreRows, isUnusual, learnUsual, type Usual } from './usual-rows.js';

/** Axes that are kept: nearly all by which embeddings differ, and in bytes a cache line (assembly/refine.ts). */
export const AXES = 64;

export interface Placed {
  /** count x AXES numbers, in widths; nought where a row is unusual. */
  points: Float32Array;
  /** Of each its squared distance from the mean, in widths. */
  squares: Float64Array;
  /** Of each the square of what lies along none of the axes. */
  lost: Float64Array;
}

/** The axes along which the rows of a sample differ most, about their mean, and how wide they lie. */
export class Space {
  readonly #usual: Usual;
  readonly #products: Products;

  constructor(code: NearCode, usual: Usual, axes: Float32Array) {
    this.#usual = usual;
    this.#products = new Products(code, axes, usual.mean.length);
  }

  /** @param embeddings at most MOST_LEFT x length finite numbers */
  place(embeddings: Float32Array): Placed {
    const { rows, squares } = centreRows(this.#usual, embeddings);
    const points = this.#products.times(rows).slice();
    const lost = squares.map((square, row) => {
      let kept = 0;
      for (let at = row * AXES; at < (row + 1) * AXES; at += 1) kept += points[at] ** 2;
      return Math.max(0, square - kept);
    });
    return { points, squares, lost };
  }
}

/**
 * @param sample rows x length finite numbers, at least one row
 * @returns the space, and where the sample's usual rows lie in it; null where nearly all rows are the same
 */
export async function learnSpace(
  code: NearCode,
  sample: Float32Array,
  length: number,
  signal: AbortSignal,
): Promise<{ space: Space; points: Float32Array; lost: Float64Array } | null> {
  const usual = learnUsual(sample, length);
  if (!(usual.width > 0)) return null;
  await nextTurn(undefined, { signal });
  const count = sample.length / length;
  const slices = Array.from({ length: Math.ceil(count / MOST_LEFT) }, (_, n) =>
    sample.subarray(n * MOST_LEFT * length, Math.min(count, (n + 1) * MOST_LEFT) * length),
  );
  const centred = new Float32Array(sample.length);
  let many = 0;
  for (const slice of slices) {
    const { rows, squares } = centreRows(usual, slice);
    squares.forEach((square, row) => {
      if (isUnusual(square)) return;
      centred.set(rows.subarray(row * length, (row + 1) * length), many * length);
      many += 1;
    });
    await nextTurn(undefined, { signal });
  }
  const rows = centred.subarray(0, many * length);
  const space = new Space(code, usual, await principalAxes(code, rows, length, AXES, signal));
  const points = new Float32Array(many * AXES);
  const lost = new Float64Array(many);
  let at = 0;
  for (const slice of slices) {
    const placed = space.place(slice);
    placed.squares.forEach((square, row) => {
      if (isUnusual(square)) return;
      points.set(placed.points.subarray(row * AXES, (row + 1) * AXES), at * AXES);
      lost[at] = placed.lost[row];
      at += 1;
    });
    await nextTurn(undefined, { signal });
  }
  return { space, points, lost };
}

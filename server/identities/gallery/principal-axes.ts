import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NearCode } from './near-kernels.js';
import { MOST_LEFT, Products } from './products.js';

/** Rounds of the iteration: axes of almost equal width are not told apart by then, and need not be. */
const ROUNDS = 20;
/** Rows that are looked at, of 128 numbers; fewer of longer ones. */
const MOST_NUMBERS = 2 ** 21;

/**
 * The axes along which rows differ most, by orthogonal iteration on their covariance: count x length numbers, widest first;
 * nought where there are fewer directions.
 *
 * @param rows rows x length numbers about nought, none far further out than most (usual-rows.ts)
 */
export async function principalAxes(
  code: NearCode,
  rows: Float32Array,
  length: number,
  count: number,
  signal: AbortSignal,
): Promise<Float32Array> {
  const { turned, many } = someTurned(rows, length);
  const covariance = await product(new Products(code, turned, many), turned, many, length, signal);
  const spread = new Products(code, covariance, length);
  const random = randomly();
  let axes = Float32Array.from({ length: count * length }, () => random() - 0.5);
  for (let round = 0; round < ROUNDS; round += 1) {
    axes = await product(spread, axes, length, length, signal);
    orthonormalise(axes, length);
    await nextTurn(undefined, { signal });
  }
  return axes;
}

/** All products of `left` with what `products` holds, without what rounds up. */
async function product(
  products: Products,
  left: Float32Array,
  length: number,
  many: number,
  signal: AbortSignal,
): Promise<Float32Array<ArrayBuffer>> {
  const count = left.length / length;
  const out = new Float32Array(count * many);
  for (let first = 0; first < count; first += MOST_LEFT) {
    const some = products.times(left.subarray(first * length, Math.min(count, first + MOST_LEFT) * length));
    for (let row = 0; row < some.length / products.many; row += 1)
      out.set(some.subarray(row * products.many, row * products.many + many), (first + row) * many);
    await nextTurn(undefined, { signal });
  }
  return out;
}

/** Some of the rows, evenly among them, turned: numbers of a direction side by side. */
function someTurned(rows: Float32Array, length: number): { turned: Float32Array; many: number } {
  const all = rows.length / length;
  const step = Math.max(1, all / (MOST_NUMBERS / length));
  const many = Math.floor(all / step);
  const turned = new Float32Array(many * length);
  for (let row = 0; row < many; row += 1) {
    const first = Math.floor(row * step) * length;
    for (let i = 0; i < length; i += 1) turned[i * many + row] = rows[first + i];
  }
  return { turned, many };
}

/** Gram and Schmidt's way; an axis along which nothing is left becomes nought. */
function orthonormalise(axes: Float32Array, length: number): void {
  for (let at = 0; at < axes.length; at += length) {
    const before = norm(axes, at, length);
    for (let other = 0; other < at; other += length) {
      let along = 0;
      for (let i = 0; i < length; i += 1) along += axes[at + i] * axes[other + i];
      for (let i = 0; i < length; i += 1) axes[at + i] -= along * axes[other + i];
    }
    const left = norm(axes, at, length);
    const scale = left > before * 1e-5 ? 1 / left : 0;
    for (let i = 0; i < length; i += 1) axes[at + i] *= scale;
  }
}

function norm(axes: Float32Array, at: number, length: number): number {
  let squared = 0;
  for (let i = 0; i < length; i += 1) squared += axes[at + i] ** 2;
  return Math.sqrt(squared);
}

/** Numbers that look random and are the same in every run (Lehmer's generator), 0..1. */
function randomly(): () => number {
  let state = 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../server/training/random.js';
import { openTensorflow } from '../../server/training/open-tensorflow.js';
import { triplet_loss, tripletLoss } from '../../server/training/triplet-loss.js';

beforeAll(openTensorflow);
let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
  expect(tf.memory().numTensors).toBe(tensors);
});

const lossOf = (a: number[][], p: number[][], n: number[][], alpha?: number): number =>
  tripletLoss(tf.tensor2d(a), tf.tensor2d(p), tf.tensor2d(n), alpha).dataSync()[0];

describe('the triplet loss', () => {
  it('is the sum of what each triplet lacks to the margin', () => {
    // |a-p|² = 1, |a-n|² = 4 and 1, 0.25: with alpha 0.3 the triplets cost 0, 0.3 and 1.05.
    expect(lossOf([[0, 0]], [[1, 0]], [[0, 2]], 0.3)).toBe(0);
    expect(lossOf([[0, 0]], [[1, 0]], [[0, 1]], 0.3)).toBeCloseTo(0.3, 6);
    expect(lossOf([[0, 0]], [[1, 0]], [[0, 0.5]], 0.3)).toBeCloseTo(1.05, 6);
    const [a, p] = [Array.from({ length: 3 }, () => [0, 0]), Array.from({ length: 3 }, () => [1, 0])];
    expect(lossOf(a, p, [[0, 2], [0, 1], [0, 0.5]], 0.3)).toBeCloseTo(1.35, 6); // prettier-ignore
  });

  it('has a margin of 0.3 unless told, and is alpha a triplet where all are the same', () => {
    expect(lossOf([[1, 2, 3]], [[1, 2, 3]], [[1, 2, 3]])).toBeCloseTo(0.3, 6);
    expect(lossOf([[1, 2, 3]], [[1, 2, 3]], [[1, 2, 3]], 0)).toBe(0);
    expect(lossOf([[1], [5]], [[1], [5]], [[1], [5]], 2)).toBeCloseTo(4, 6);
  });

  it('goes by its other name too', () => {
    expect(triplet_loss).toBe(tripletLoss);
  });

  it('has the gradient that differences of the loss show', () => {
    const random = seededRandom(7);
    const rows = (): number[][] =>
      Array.from({ length: 6 }, () => Array.from({ length: 5 }, () => random() * 1.2 - 0.6));
    const given = [rows(), rows(), rows()] as [number[][], number[][], number[][]];
    const gradients = tf
      .grads((...inputs) => tripletLoss(...(inputs as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D]), 0.2))(
        given.map((each) => tf.tensor2d(each)),
      )
      .map((each) => each.arraySync() as number[][]);
    let active = 0;
    for (const input of [0, 1, 2])
      for (let row = 0; row < 6; row += 1)
        for (let column = 0; column < 5; column += 1) {
          const step = 1e-2;
          const moved = (by: number): number => {
            const changed = structuredClone(given);
            changed[input][row][column] += by;
            return lossByLoops(...changed, 0.2);
          };
          // Exact for a quadratic; no triplet of this seed comes near the kink.
          const slope = (moved(step) - moved(-step)) / (2 * step);
          expect(gradients[input][row][column]).toBeCloseTo(slope, 4);
          if (slope !== 0) active += 1;
        }
    // Some triplets cost something, and some do not.
    expect(active).toBeGreaterThan(30);
    expect(active).toBeLessThan(90);
  });

  it('refuses what is no batch of triplets', () => {
    expect(() => lossOf([[1, 2]], [[1, 2]], [[1, 2, 3]])).toThrow(RangeError);
    expect(() => lossOf([[1, 2]], [[1, 2], [1, 2]], [[1, 2]])).toThrow('n x d'); // prettier-ignore
    expect(() => lossOf([[1]], [[1]], [[1]], -1)).toThrow('alpha');
    expect(() => lossOf([[1]], [[1]], [[1]], Number.NaN)).toThrow('alpha');
  });
});

/** The formula, in double precision and independent of TensorFlow.js. */
function lossByLoops(a: number[][], p: number[][], n: number[][], alpha: number): number {
  const squared = (from: number[], to: number[]) => from.reduce((sum, x, i) => sum + (x - to[i]) ** 2, 0);
  return a.reduce((sum, row, i) => sum + Math.max(squared(row, p[i]) - squared(row, n[i]) + alpha, 0), 0);
}

import type { Network } from '../../models/network.js';
import type { Tensor, Weights } from '../../models/weights.js';

/** Numbers between 0 and 1, the same for the same seed (Lehmer's generator, modulus 2^31 - 1). */
export function numbers(seed: number): () => number {
  let state = seed % 2147483647 || 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/**
 * Weights for a network that has none here, the same on every machine: filters scaled so that values keep their
 * size from layer to layer (He et al. 2015), variances and gammas near 1.
 */
export function generatedWeights(network: Network): Weights {
  const next = numbers(7);
  const weights = new Map<string, Tensor>();
  for (const [name, shape] of network.weights) {
    const length = shape.reduce((all, one) => all * one, 1);
    const fanIn = length / shape.at(-1)!;
    const values = new Float32Array(length);
    for (let i = 0; i < length; i += 1) {
      if (shape.length > 1) values[i] = (next() - 0.5) * Math.sqrt(24 / fanIn);
      else values[i] = /(_v|_w|variance|gamma|factor)$/.test(name) ? 0.5 + next() : (next() - 0.5) * 0.2;
    }
    weights.set(name, { shape, values });
  }
  return weights;
}

/** `count` pixel values, 0..255. */
export function generatedPixels(count: number, seed = 1): Float32Array {
  const next = numbers(seed);
  return Float32Array.from({ length: count }, () => Math.floor(next() * 256));
}

import type { Tensor } from '../weights.js';

/** The weights of a network that is being read, each under the name of the step that it belongs to. */
export class NamedWeights {
  readonly #all = new Map<string, Tensor>();

  get all(): ReadonlyMap<string, Tensor> {
    return this.#all;
  }

  /**
   * Keeps one; a step that is used twice has its weights twice.
   *
   * @returns what it is called from now on: `STEP/PART`, `STEP/PART/2`
   */
  keep(step: string, part: string, values: Float32Array, shape: readonly number[] = [values.length]): string {
    let key = `${step}/${part}`;
    for (let again = 2; this.#all.has(key); again += 1) key = `${step}/${part}/${again}`;
    this.#all.set(key, { shape, values });
    return key;
  }

  keepBias(step: string, bias: Float32Array | null): string | undefined {
    return bias ? this.keep(step, 'bias', bias) : undefined;
  }
}

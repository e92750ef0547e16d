import type { Centres } from './k-means.js';
import { openNearKernels, type NearCode, type NearKernels } from './near-kernels.js';

/** Bytes that choosing takes beside what stands for each list (assembly/choose.ts), and for each list. */
const STEPS_BYTES = 4_096;
const STEP_BYTES = 2;

export interface ChosenLists {
  /** About nearest first, each with at least one row; until the next call. */
  lists: Uint32Array;
  /** Nearness of the nearest of all. */
  least: number;
}

/** How many rows each list has, and which lists are near a probe. */
export class NearestLists {
  /** Rows of each list. */
  readonly counts: Uint32Array;
  readonly #kernels: NearKernels;
  readonly #nearness: Float32Array;
  readonly #order: Uint32Array;
  readonly #scratch: number;

  constructor(code: NearCode, { count }: Centres) {
    const bytes = count * 4;
    this.#scratch = 3 * bytes;
    this.#kernels = openNearKernels(code, this.#scratch + STEPS_BYTES + count * STEP_BYTES);
    const { buffer } = this.#kernels.memory;
    this.#nearness = new Float32Array(buffer, 0, count);
    this.counts = new Uint32Array(buffer, bytes, count);
    this.#order = new Uint32Array(buffer, 2 * bytes, count);
  }

  /**
   * @param nearness of each list: the nearer the smaller
   * @param budget rows that the chosen lists hold together, and no more lists than are needed for that
   */
  choose(nearness: Float32Array, budget: number): ChosenLists {
    const { counts } = this;
    this.#nearness.set(nearness.subarray(0, counts.length));
    const { functions } = this.#kernels;
    const { byteOffset, length } = counts;
    const chosen = functions.choose(
      0,
      byteOffset,
      length,
      Math.ceil(budget),
      this.#scratch,
      this.#order.byteOffset,
    );
    const lists = this.#order.subarray(0, chosen);
    let least = Infinity;
    for (const list of lists) least = Math.min(least, nearness[list]);
    return { lists, least };
  }
}

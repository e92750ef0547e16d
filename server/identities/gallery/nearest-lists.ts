/** Steps of nearness into which lists are sorted, and lists that are looked at to choose them. */
const STEPS = 512;
const LOOKED_AT = 64;

/**
 * Chooses the lists nearest to a probe: about nearest first, for they are counted into steps, which takes less than sorting
 * them. Those beyond three quarters of the others are in the last step, however far they are.
 */
export class NearestLists {
  readonly #order: Uint32Array;
  readonly #steps: Uint16Array;
  readonly #ends = new Uint32Array(STEPS);
  readonly #some = new Float32Array(LOOKED_AT);

  /** @param count how many lists there are */
  constructor(count: number) {
    this.#order = new Uint32Array(count);
    this.#steps = new Uint16Array(count);
  }

  /**
   * @param nearness of each list: the nearer the smaller
   * @param counts rows of each list
   * @param budget rows that the chosen lists hold together, and no more lists than are needed for that
   * @returns until the next call
   */
  choose(nearness: Float32Array, counts: Uint32Array, budget: number): Uint32Array {
    const order = this.#order;
    const steps = this.#steps;
    const ends = this.#ends.fill(0);
    let least = Infinity;
    for (let list = 0; list < order.length; list += 1) if (nearness[list] < least) least = nearness[list];
    for (let n = 0; n < LOOKED_AT; n += 1)
      this.#some[n] = nearness[Math.floor((n * order.length) / LOOKED_AT)];
    const most = this.#some.sort()[(LOOKED_AT * 3) / 4];
    const scale = (STEPS - 1) / Math.max(most - least, Number.MIN_VALUE);
    for (let list = 0; list < order.length; list += 1) {
      const step = (nearness[list] - least) * scale;
      // Not a number for a probe so large that nothing can be told of it.
      steps[list] = step < STEPS ? step : STEPS - 1;
      ends[steps[list]] += 1;
    }
    for (let step = 1; step < STEPS; step += 1) ends[step] += ends[step - 1];
    for (let list = order.length - 1; list >= 0; list -= 1) {
      ends[steps[list]] -= 1;
      order[ends[steps[list]]] = list;
    }
    let rows = 0;
    let chosen = 0;
    for (; chosen < order.length && rows < budget; chosen += 1) rows += counts[order[chosen]];
    return order.subarray(0, chosen);
  }
}

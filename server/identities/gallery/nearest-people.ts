import type { Person } from '../person.js';
import type { Neighbour } from '../gallery-index.js';

/**
 * The sum of squared differences of two embeddings, in double precision; a sum only grows, so it is given up, and
 * something above `bound` returned, as soon as it is above.
 *
 * @param row where the sample begins in `rows`
 * @param at where the probe begins in `probes`
 */
export function squaredDistance(
  rows: Float32Array,
  row: number,
  probes: Float32Array,
  at: number,
  length: number,
  bound: number,
): number {
  let squared = 0;
  let i = 0;
  for (; i + STRIDE <= length && squared <= bound; i += STRIDE) {
    // Two sums at a time, for otherwise every addition waits for the one before it.
    let even = 0;
    let odd = 0;
    for (let next = i; next < i + STRIDE; next += 2) {
      const first = rows[row + next] - probes[at + next];
      const second = rows[row + next + 1] - probes[at + next + 1];
      even += first * first;
      odd += second * second;
    }
    squared += even + odd;
  }
  if (squared > bound) return squared;
  for (; i < length; i += 1) {
    const difference = rows[row + i] - probes[at + i];
    squared += difference * difference;
  }
  return squared;
}

/** Numbers that are summed between two looks at the bound. */
const STRIDE = 16;

/** The `k` nearest people so far, nearest first; of two equally near the one whose id comes first. */
export class NearestPeople {
  readonly #k: number;
  readonly #found: { person: Person; squared: number }[] = [];

  constructor(k: number) {
    this.#k = k;
  }

  /** Whoever is further away than this is not among them: a squared distance, Infinity while there are fewer. */
  get bound(): number {
    return this.#found.length < this.#k ? Infinity : this.#found[this.#k - 1].squared;
  }

  /** Somebody, or another sample of somebody, at a squared distance. NaN is passed over. */
  offer(person: Person, squared: number): void {
    const found = this.#found;
    if (!(squared <= this.bound)) return;
    const before = found.findIndex((one) => one.person.id === person.id);
    if (before !== -1) {
      if (found[before].squared <= squared) return;
      found.splice(before, 1);
    }
    let place = found.length;
    while (place > 0 && isBehind(found[place - 1], person, squared)) place -= 1;
    found.splice(place, 0, { person, squared });
    if (found.length > this.#k) found.pop();
  }

  neighbours(): Neighbour[] {
    return this.#found.map(({ person, squared }) => ({ person, distance: Math.sqrt(squared) }));
  }
}

function isBehind(one: { person: Person; squared: number }, person: Person, squared: number): boolean {
  return one.squared > squared || (one.squared === squared && one.person.id > person.id);
}

import type { Comparisons } from './compare.js';
import { seededRandom } from './random.js';

/** A figure with the bounds between which 95 of 100 resamplings lie. */
export interface Bounded {
  value: number;
  low: number;
  high: number;
}

/** The false reject rate at one false accept rate, in the network's own space and in the adapted one. */
export interface RatesAtFar {
  /** What FAR it was measured at: the wanted one, or the smallest that so few comparisons can show. */
  far: number;
  before: Bounded;
  after: Bounded;
  /** before - after on the same resamplings: above 0 the adapted space is better. */
  gain: Bounded;
  /** Comparisons of one person and of two people. */
  genuine: number;
  impostor: number;
}

/** Comparisons whose people are numbered from 0. */
interface Placed {
  before: number[];
  after: number[];
  one: Int32Array;
  other: ArrayLike<number>;
}

const RESAMPLINGS = 400;
/** With fewer false accepts than this a threshold hangs on single pictures. */
const LEAST_ACCEPTED = 5;

/**
 * FRR at the same FAR before and after, with a paired bootstrap (Efron 1979) that draws PEOPLE: all comparisons of one
 * person rise and fall together, so drawing comparisons would promise far too much (Bolle, Ratha and Pankanti 2004,
 * "Error analysis of pattern recognition systems: the subsets bootstrap"). Each drawing weighs a comparison by how often
 * its people were drawn, finds each space's threshold anew and counts.
 *
 * @returns null without comparisons of both kinds
 */
export function ratesAtFar(
  genuine: Comparisons,
  impostor: Comparisons,
  wantedFar: number,
  seed: number,
): RatesAtFar | null {
  const counts = { genuine: genuine.one.length, impostor: impostor.one.length };
  if (counts.genuine === 0 || counts.impostor === 0) return null;
  const far = Math.max(wantedFar, Math.min(1, LEAST_ACCEPTED / counts.impostor));
  // Numbered from 0, whatever their numbers were.
  const places = new Map<number, number>();
  const placesOf = (people: readonly number[]): Int32Array =>
    Int32Array.from(people, (person) => {
      const place = places.get(person) ?? places.size;
      places.set(person, place);
      return place;
    });
  const placed = {
    genuine: { ...genuine, one: placesOf(genuine.one) },
    impostor: { ...impostor, one: placesOf(impostor.one), other: placesOf(impostor.other) },
  };
  const people = places.size;
  const rates = (['before', 'after'] as const).map((space) => weightedFrr(placed, space, far));
  const measure = (weights: Float64Array) => {
    const [before, after] = rates.map((rate) => rate(weights));
    return { before, after, gain: before - after };
  };
  const value = measure(new Float64Array(people).fill(1));
  const random = seededRandom(seed);
  const drawn: ReturnType<typeof measure>[] = [];
  for (let n = 0; n < RESAMPLINGS; n += 1) {
    const weights = new Float64Array(people);
    for (let draw = 0; draw < people; draw += 1) weights[Math.floor(random() * people)] += 1;
    const once = measure(weights);
    // So few people that all who have several photos, or all but one, were left out.
    if (!Number.isNaN(once.gain)) drawn.push(once);
  }
  const bounded = (key: keyof typeof value): Bounded => {
    const sorted = drawn.map((each) => each[key]).sort((a, b) => a - b);
    const at = (part: number) => sorted.at(Math.round(part * (sorted.length - 1))) ?? Number.NaN;
    return { value: value[key], low: at(0.025), high: at(0.975) };
  };
  return { far, before: bounded('before'), after: bounded('after'), gain: bounded('gain'), ...counts };
}

/** FRR at a FAR of weighted comparisons: NaN where either kind weighs nothing. */
function weightedFrr(
  { genuine, impostor }: Record<'genuine' | 'impostor', Placed>,
  space: 'before' | 'after',
  far: number,
): (weights: Float64Array) => number {
  const nearest = Float64Array.from(impostor[space]);
  const order = Uint32Array.from(nearest.keys()).sort((a, b) => nearest[a] - nearest[b]);
  const distances = Float64Array.from(order, (index) => nearest[index]);
  const ones = Int32Array.from(order, (index) => impostor.one[index]);
  const others = Int32Array.from(order, (index) => impostor.other[index]);
  return (weights) => {
    let total = 0;
    for (let i = 0; i < ones.length; i += 1) total += weights[ones[i]] * weights[others[i]];
    // The first impostor that must not be accepted is where the threshold ends.
    let accepted = 0;
    let limit = Infinity;
    for (let i = 0; i < ones.length; i += 1) {
      accepted += weights[ones[i]] * weights[others[i]];
      if (accepted > far * total + 1e-9) {
        limit = distances[i];
        break;
      }
    }
    let rejected = 0;
    let all = 0;
    genuine[space].forEach((distance, i) => {
      all += weights[genuine.one[i]];
      if (distance >= limit) rejected += weights[genuine.one[i]];
    });
    return total > 0 && all > 0 ? rejected / all : Number.NaN;
  };
}

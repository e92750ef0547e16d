import type { EffectiveCount } from './rates.js';
import { countAccepted, type Scores } from './scores.js';

/** A comparison and the two people it was made of, by index; the same index twice for a genuine one. */
export interface LinkedComparison {
  distance: number;
  one: number;
  other: number;
}

/**
 * How many independent comparisons those of a gallery are worth. All comparisons of one person rise and fall together
 * (some people resemble everybody), so a thousand of them prove less than a thousand of strangers.
 *
 * The variance of an error rate is estimated with the errors of one person taken as one cluster, and for impostor
 * comparisons those of either person (Aronow, Samii and Assenova 2015, "Cluster-robust variance estimation for dyadic
 * data"); the effective number is that of independent comparisons with the same variance (Korn and Graubard 1998).
 * Without errors there is nothing to estimate from: then each pair of people, or each person for the genuine ones,
 * counts once, however many photos they have. From a few errors the estimate is poor, and it is believed by and by.
 */
export function effectiveCounts(
  comparisons: Readonly<Record<keyof Scores, readonly LinkedComparison[]>>,
): EffectiveCount {
  const genuine = clustered(comparisons.genuine, 'matches are right');
  const impostor = clustered(comparisons.impostor, 'matches are errors');
  return (kind, threshold) => (kind === 'genuine' ? genuine : impostor)(threshold);
}

/** Errors from which on the estimate is believed in full. */
const FIRM = 30;

function clustered(
  unsorted: readonly LinkedComparison[],
  meaning: 'matches are right' | 'matches are errors',
): (threshold: number) => number {
  const comparisons = [...unsorted].sort((a, b) => a.distance - b.distance);
  const distances = Float64Array.from(comparisons, ({ distance }) => distance);
  const total = comparisons.length;
  const people = comparisons.reduce((most, { one, other }) => Math.max(most, one, other), -1) + 1;
  const link = ({ one, other }: LinkedComparison): number =>
    Math.min(one, other) * people + Math.max(one, other);
  const ofPerson = new Float64Array(people);
  const ofLink = new Map<number, number>();
  for (const each of comparisons) {
    for (const person of new Set([each.one, each.other])) ofPerson[person] += 1;
    ofLink.set(link(each), (ofLink.get(link(each)) ?? 0) + 1);
  }
  let linkSquares = 0;
  for (const count of ofLink.values()) linkSquares += count ** 2;

  return (threshold) => {
    const matching = countAccepted(distances, threshold);
    const [from, to] = meaning === 'matches are errors' ? [0, matching] : [matching, total];
    const rate = (to - from) / total;
    if (rate === 0 || rate === 1) return ofLink.size;
    const errors = new Float64Array(people);
    const linkErrors = new Map<number, number>();
    for (let index = from; index < to; index += 1) {
      const each = comparisons[index];
      errors[each.one] += 1;
      if (each.other !== each.one) errors[each.other] += 1;
      linkErrors.set(link(each), (linkErrors.get(link(each)) ?? 0) + 1);
    }
    let squares = 0;
    for (let person = 0; person < people; person += 1)
      squares += (errors[person] - rate * ofPerson[person]) ** 2;
    if (meaning === 'matches are errors') {
      // Comparisons that share both people were counted with each of the two: sum of (errors - rate x count)^2.
      let twice = rate ** 2 * linkSquares;
      for (const [key, count] of linkErrors) twice += count ** 2 - 2 * rate * count * ofLink.get(key)!;
      squares -= twice;
    }
    const variance = squares / total ** 2;
    const estimate = variance <= 0 ? total : (rate * (1 - rate)) / variance;
    const rarer = Math.min(to - from, total - (to - from));
    const atMost = ofLink.size + (total - ofLink.size) * Math.min(1, rarer / FIRM);
    return Math.min(estimate, atMost);
  };
}

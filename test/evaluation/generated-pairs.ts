import type { ScoredPair } from '../../server/evaluation/scores.js';
import { numbers } from '../contracts/generated.js';

/** Pairs as a network gives them: two heaps that overlap, many equal distances, now and then no face. */
export function generatedPairs(seed: number, count = 300): ScoredPair[] {
  const random = numbers(seed * 7919 + 1);
  for (let warm = 0; warm < 10; warm += 1) random();
  const normal = (): number => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const apart = 0.1 + 0.5 * random();
  const coarse = random() < 0.5 ? 50 : 1000;
  return Array.from({ length: count }, (_, index) => {
    const same = random() < 0.5;
    const distance = Math.max(0, 0.4 + (same ? 0 : apart) + 0.12 * normal());
    return {
      same,
      distance: random() < 0.02 ? Infinity : Math.round(distance * coarse) / coarse,
      fold: index % 10,
    };
  });
}

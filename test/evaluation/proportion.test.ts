import { describe, expect, it } from 'vitest';
import { effectiveCounts, type LinkedComparison } from '../../server/evaluation/effective-count.js';
import { betaQuantile, proportion } from '../../server/evaluation/proportion.js';
import { numbers } from '../contracts/generated.js';

describe('the bounds of a counted share', () => {
  // Computed with scipy 1.x: binomtest(k, n).proportion_ci(0.95, "exact").
  it.each([
    [0, 10, 0, 0.3084971078],
    [1, 10, 0.0025285785, 0.445016117],
    [10, 10, 0.6915028922, 1],
    [50, 100, 0.3983211295, 0.6016788705],
    [190, 228, 0.778490763, 0.8792758004],
    [3, 3000, 0.000206271537, 0.0029196165],
    [2990, 3000, 0.9938784522, 0.9984004154],
  ])('%i of %i', (count, of, low, high) => {
    const found = proportion(count, of)!;
    expect(found.low).toBeCloseTo(low, 9);
    expect(found.high).toBeCloseTo(high, 9);
    expect(found.rate).toBe(count / of);
  });

  it('without errors the upper bound is 1 - 0.025^(1/n)', () => {
    for (const of of [1, 7, 300, 1e6]) expect(proportion(0, of)!.high).toBeCloseTo(1 - 0.025 ** (1 / of), 12);
  });

  it('holds the truth 95 times in 100 at least, whatever the truth', () => {
    const n = 25;
    const bounds = Array.from({ length: n + 1 }, (_, count) => proportion(count, n)!);
    for (let truth = 0.01; truth < 1; truth += 0.01) {
      let chance = (1 - truth) ** n;
      let covered = 0;
      for (let count = 0; count <= n; count += 1) {
        if (bounds[count].low <= truth && truth <= bounds[count].high) covered += chance;
        chance *= ((n - count) / (count + 1)) * (truth / (1 - truth));
      }
      expect(covered).toBeGreaterThanOrEqual(0.95);
    }
  });

  it('nothing compared has no share, and fewer independent comparisons have wider bounds', () => {
    expect(proportion(0, 0)).toBeNull();
    const [sure, unsure] = [proportion(5, 100)!, proportion(5, 100, 20)!];
    expect(unsure.rate).toBe(sure.rate);
    expect(unsure.low).toBeLessThan(sure.low);
    expect(unsure.high).toBeGreaterThan(sure.high);
  });

  it('the beta quantile is that of simple cases', () => {
    expect(betaQuantile(0.3, 1, 1)).toBeCloseTo(0.3, 12);
    expect(betaQuantile(0.5, 3, 3)).toBeCloseTo(0.5, 12);
    expect(betaQuantile(0.25, 2, 1)).toBeCloseTo(0.5, 12);
  });
});

describe('how many independent comparisons those of a gallery are worth', () => {
  const random = numbers(11);
  const some = (count: number, people: (n: number) => [number, number]): LinkedComparison[] =>
    Array.from({ length: count }, (_, n) => {
      const [one, other] = people(n);
      return { one, other, distance: random() };
    });

  it('as many as they are where every comparison has two people of its own', () => {
    const impostor = some(200, (n) => [2 * n, 2 * n + 1]);
    expect(effectiveCounts({ genuine: [], impostor })('impostor', 0.3)).toBeCloseTo(200, 6);
  });

  it('a comparison that is made ten times counts once', () => {
    const once = some(50, (n) => [2 * n, 2 * n + 1]);
    const impostor = once.flatMap((each) => Array.from({ length: 10 }, () => each));
    const effective = effectiveCounts({ genuine: [], impostor });
    expect(effective('impostor', 0.4)).toBeCloseTo(50, 6);
    // Without a single error only the pairs of people are counted.
    expect(effective('impostor', -1)).toBe(50);
  });

  it('genuine comparisons of one person count as one where they agree', () => {
    const genuine = some(400, (n) => [n % 20, n % 20]).map((each) => ({ ...each, distance: each.one / 20 }));
    expect(effectiveCounts({ genuine, impostor: [] })('genuine', 0.5)).toBeCloseTo(20, 6);
  });

  it('one person who resembles everybody makes them worth less', () => {
    const impostor: LinkedComparison[] = [];
    for (let one = 0; one < 30; one += 1)
      for (let other = 0; other < one; other += 1)
        impostor.push({ one, other, distance: other === 0 ? 0.2 : 0.6 + random() });
    const effective = effectiveCounts({ genuine: [], impostor })('impostor', 0.3);
    expect(effective).toBeLessThan(impostor.length / 4);
    expect(effective).toBeGreaterThan(1);
  });

  it('so the bounds hold the truth where those that take comparisons as independent do not', () => {
    const normal = (): number => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    const [people, galleries, spread, threshold] = [40, 200, 0.06, 0.6];
    // A distance is 0.8, shifted by what is each person's own (0.06 each) and by chance (0.1): normal again.
    let truth = 0;
    const tries = 400_000;
    for (let n = 0; n < tries; n += 1)
      truth += Number(0.8 + Math.hypot(spread, spread, 0.1) * normal() <= threshold) / tries;
    let held = 0;
    let heldNaively = 0;
    for (let n = 0; n < galleries; n += 1) {
      const own = Array.from({ length: people }, () => spread * normal());
      const impostor = own.flatMap((a, one) =>
        own.slice(0, one).map((b, other) => ({ one, other, distance: 0.8 + a + b + 0.1 * normal() })),
      );
      const count = impostor.filter(({ distance }) => distance <= threshold).length;
      const worth = effectiveCounts({ genuine: [], impostor })('impostor', threshold);
      const holds = (effective: number): number => {
        const { low, high } = proportion(count, impostor.length, effective)!;
        return Number(low <= truth && truth <= high) / galleries;
      };
      held += holds(worth);
      heldNaively += holds(impostor.length);
    }
    expect(held).toBeGreaterThan(0.88);
    expect(heldNaively).toBeLessThan(0.75);
  });
});

import { expect, it } from 'vitest';
import { interleave, quantile, ratio, spread, type Lap } from './measure.js';

it('finds quantiles between values and at the ends', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([4, 1, 3, 2], 0)).toBe(1);
  expect(quantile([4, 1, 3, 2], 1)).toBe(4);
  expect(spread([1, 2, 3, 4, 5])).toEqual({ lower: 2, median: 3, upper: 4 });
});

it('takes ratios round by round, so that a slow round does not count', () => {
  // Twice as slow in every round, though the second round took ten times as long for both.
  expect(ratio([2, 20, 2], [1, 10, 1])).toBe(2);
});

it('runs all laps in turn, throws the first round away, and leaves out who falls out', async () => {
  const order: string[] = [];
  let calls = 0;
  const lap = (id: string, run: () => number[] | null): Lap => ({
    id,
    run: (sliceMs) => {
      order.push(`${id}${sliceMs}`);
      const times = run();
      return Promise.resolve(times && { times, cpuMs: id === 'a' ? 3 : null });
    },
  });
  const results = await interleave(
    [lap('a', () => [1, 9, 2]), lap('b', () => (calls++ === 0 ? [5] : null)), lap('c', () => [order.length])],
    { rounds: 2, sliceMs: 7 },
  );
  expect(order).toEqual(['a0', 'b0', 'c0', 'a7', 'b7', 'c7', 'a7', 'c7']);
  expect([...results]).toEqual([
    ['a', { ms: [2, 2], cpuMs: [3, 3] }],
    ['c', { ms: [6, 8], cpuMs: [] }],
  ]);
});

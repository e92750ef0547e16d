import { describe, expect, it } from 'vitest';
import { assign } from '../../server/visits/assign.js';
import { randomly } from './scene.js';

describe('assign', () => {
  it('takes the least total cost, not the cheapest pair first', () => {
    expect(
      assign(
        [
          [1, 2],
          [1.5, 9],
        ],
        10,
      ),
    ).toEqual([1, 0]);
  });

  it('leaves apart what costs too much or must not be', () => {
    expect(
      assign(
        [
          [5, Infinity],
          [Infinity, 1],
        ],
        4,
      ),
    ).toEqual([-1, 1]);
    expect(assign([[Infinity]], 4)).toEqual([-1]);
  });

  it('takes more rows than columns, more columns than rows, and none', () => {
    expect(assign([[3], [1], [2]], 4)).toEqual([-1, 0, -1]);
    expect(assign([[3, 1, 2]], 4)).toEqual([1]);
    expect(assign([], 4)).toEqual([]);
    expect(assign([[], []], 4)).toEqual([-1, -1]);
  });

  it('finds what trying everything finds', () => {
    const random = randomly(3);
    for (let round = 0; round < 300; round += 1) {
      const rows = 1 + Math.floor(random() * 4);
      const columns = 1 + Math.floor(random() * 4);
      const cost = Array.from({ length: rows }, () =>
        Array.from({ length: columns }, () => (random() < 0.3 ? Infinity : random() * 6)),
      );
      const found = assign(cost, 4);
      const used = found.filter((column) => column !== -1);
      expect(new Set(used).size).toBe(used.length);
      const total = found.reduce((sum, column, row) => sum + (column === -1 ? 4 : cost[row][column]), 0);
      expect(total).toBeCloseTo(cheapest(cost, 4, 0, new Set()), 9);
    }
  });

  it('is quick for a crowd', () => {
    const random = randomly(5);
    const cost = Array.from({ length: 60 }, () => Array.from({ length: 60 }, () => random() * 4));
    const from = performance.now();
    for (let n = 0; n < 10; n += 1) assign(cost, 4);
    expect((performance.now() - from) / 10).toBeLessThan(50);
  });
});

function cheapest(cost: number[][], unassigned: number, row: number, used: Set<number>): number {
  if (row === cost.length) return 0;
  let best = unassigned + cheapest(cost, unassigned, row + 1, used);
  cost[row].forEach((own, column) => {
    if (used.has(column) || own >= unassigned) return;
    best = Math.min(best, own + cheapest(cost, unassigned, row + 1, new Set([...used, column])));
  });
  return best;
}

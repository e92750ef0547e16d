import { describe, expect, it } from 'vitest';
import { forSlope, searchLimit } from './search-limit.js';

/** Carries `limit`; gives up after `tries`. */
function searching(limit: number, most: number, { tries = Infinity, start = 1 } = {}) {
  const tried: number[] = [];
  const holds = (number: number) => {
    if (tried.length >= tries) return Promise.resolve(null);
    tried.push(number);
    return Promise.resolve(number <= limit);
  };
  return searchLimit(holds, most, start).then((found) => ({ ...found, tried }));
}

describe('searching the limit', () => {
  it('doubles, then halves what lies between', async () => {
    expect(await searching(11, 64)).toEqual({
      held: 11,
      failed: 12,
      exact: true,
      tried: [1, 2, 4, 8, 16, 12, 10, 11],
    });
  });

  it('finds every limit, trying no number twice', async () => {
    for (const start of [1, 2, 8, 48, 64])
      for (let limit = 0; limit < 64; limit += 1) {
        const { held, exact, tried } = await searching(limit, 64, { start });
        expect([held, exact]).toEqual([limit, true]);
        expect(new Set(tried).size).toBe(tried.length);
      }
  });

  it('needs few numbers where it starts near by', async () => {
    expect((await searching(8, 64, { start: 8 })).tried).toEqual([8, 10, 9]);
    expect((await searching(6, 64, { start: 8 })).tried).toEqual([8, 6, 7]);
    expect((await searching(40, 64, { start: 48 })).tried).toEqual([48, 36, 42, 39, 40, 41]);
  });

  it('says that more may be possible where the most that was to be tried holds', async () => {
    expect(await searching(100, 24)).toEqual({
      held: 24,
      failed: null,
      exact: false,
      tried: [1, 2, 4, 8, 16, 24],
    });
  });

  it('tells what it knows where time runs out', async () => {
    expect(await searching(11, 64, { tries: 6 })).toMatchObject({ held: 8, failed: 12, exact: false });
    expect(await searching(11, 64, { tries: 0 })).toMatchObject({ held: 0, failed: null, exact: false });
  });
});

describe('what is measured beside, for a slope', () => {
  it('is what three numbers need', () => {
    expect(forSlope([8])).toEqual([4, 2]);
    expect(forSlope([8, 10])).toEqual([5]);
    expect(forSlope([8, 10, 9])).toEqual([]);
    expect(forSlope([2])).toEqual([1]);
    expect(forSlope([])).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { measureLimit } from './measure-limit.js';
import type { Step } from './report.js';

/** Carries `limit` cameras, `sound` of them without loss. */
async function measuring(limit: number, sound: number, { start = 8, others = 0, until = Infinity } = {}) {
  const tried: number[] = [];
  const attempt = (count: number) => {
    tried.push(count);
    const step = {
      cameras: count,
      held: count <= limit,
      lost: count <= sound ? 0.02 : 0.3,
      cores: { others },
    };
    return Promise.resolve(step as Step);
  };
  return { ...(await measureLimit(attempt, { start, most: 64, until })), tried };
}

describe('measuring a kind', () => {
  it('finds what holds and what holds without loss, with three numbers for the slope', async () => {
    const { held, exact, tried } = await measuring(8, 6);
    expect([held, exact]).toEqual([8, true]);
    expect(tried).toEqual([8, 10, 9, 6, 7, 3, 2]);
  });

  it('measures no number twice', async () => {
    for (let limit = 1; limit < 20; limit += 1)
      for (let sound = 0; sound <= limit; sound += 1) {
        const { tried } = await measuring(limit, sound);
        expect(new Set(tried).size).toBe(tried.length);
        if (sound > 0) expect(tried).toContain(sound);
      }
  });

  it('tries what did not hold again where others were busy', async () => {
    expect((await measuring(8, 8, { others: 1 })).tried.slice(0, 3)).toEqual([8, 10, 10]);
  });

  it('begins with nothing more where time ran out', async () => {
    expect(await measuring(8, 8, { until: -1 })).toEqual({ held: 0, failed: null, exact: false, tried: [] });
  });
});

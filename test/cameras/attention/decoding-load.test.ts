import { describe, expect, it } from 'vitest';
import { DecodingLoad } from '../../../server/cameras/attention/decoding-load.js';

/** Key pictures that come so often, ms, until 20 s: when those came that were decoded. */
function decoded(load: DecodingLoad, everyMs: number): number[] {
  let looked = -Infinity;
  const times: number[] = [];
  for (let now = 1000; now <= 20_000; now += everyMs) {
    if (!load.allows(looked, now)) continue;
    times.push(now);
    looked = now;
  }
  return times;
}

describe('the load of decoding', () => {
  it('lets quiet cameras see every key picture while no other is behind', () => {
    expect(decoded(new DecodingLoad(), 1000)).toHaveLength(20);
  });

  it('has them leave out every second one until another has not been behind for five seconds', () => {
    const load = new DecodingLoad();
    load.fellBehind(5000);
    const times = decoded(load, 1000);
    const after = Array.from({ length: 10 }, (_, n) => 11_000 + n * 1000);
    expect(times).toEqual([1000, 3000, 5000, 7000, 9000, ...after]);
  });

  it('has none left out that come no more often than that', () => {
    const load = new DecodingLoad();
    load.fellBehind(20_000);
    expect(decoded(load, 2000)).toHaveLength(10);
    // The network shakes them a little.
    expect(load.allows(1000, 2950)).toBe(true);
  });
});

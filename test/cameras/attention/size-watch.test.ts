import { describe, expect, it } from 'vitest';
import { SizeWatch } from '../../../server/cameras/attention/size-watch.js';
import { numbers } from '../../contracts/generated.js';

/** Sizes of a noisy camera around `usual` bytes. */
function noisy(usual: number, seed = 1) {
  const next = numbers(seed);
  return () => Math.round(usual * (0.7 + next() * 0.6));
}

const feed = (watch: SizeWatch, sizes: readonly number[]) =>
  sizes.filter((size) => watch.arrived(size)).length;
const many = (count: number, size: () => number) => Array.from({ length: count }, size);

describe('the sizes of encoded pictures', () => {
  it.each([80, 900, 12_000])('say nothing while they waver around %i bytes', (usual) => {
    expect(feed(new SizeWatch(), many(1000, noisy(usual)))).toBe(0);
  });

  it.each([80, 900, 12_000])('say within two pictures that they grew from %i bytes', (usual) => {
    const watch = new SizeWatch();
    const size = noisy(usual);
    feed(watch, many(100, size));
    expect(watch.arrived(usual * 3 + 400)).toBe(false);
    expect(watch.arrived(usual * 3 + 400)).toBe(true);
  });

  it('say nothing for a single large picture, nor where every other one is large', () => {
    const watch = new SizeWatch();
    feed(watch, many(100, noisy(900)));
    expect(feed(watch, [9000, 900, 900, 9000, 900])).toBe(0);
    const layered = new SizeWatch();
    expect(
      feed(
        layered,
        Array.from({ length: 500 }, (_, i) => (i % 2 ? 500 : 4000)),
      ),
    ).toBe(0);
  });

  it('say nothing before it is known what is usual', () => {
    expect(feed(new SizeWatch(), [100, 100, 90_000, 90_000, 90_000])).toBe(0);
  });

  it('that went up for good become the usual ones', () => {
    const watch = new SizeWatch();
    feed(watch, many(100, noisy(900)));
    const told = feed(watch, many(200, noisy(4000)));
    expect(told).toBeGreaterThan(0);
    expect(feed(watch, many(500, noisy(4000, 2)))).toBe(0);
  });

  it('are believed less after they were wrong, and more again after they were right', () => {
    const watch = new SizeWatch();
    const rises = () => feed(watch, many(50, noisy(900))) + feed(watch, [2800, 2800]) > 0;
    expect(rises()).toBe(true);
    watch.wasWrong();
    expect(rises()).toBe(false);
    expect(feed(watch, [9000, 9000])).toBe(1);
    watch.wasRight();
    feed(watch, many(100, noisy(900)));
    expect(rises()).toBe(true);
  });
});

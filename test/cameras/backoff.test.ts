import { expect, it } from 'vitest';
import { Backoff, usualBackoff } from '../../server/cameras/backoff.js';

/** Numbers in [0, 1), the same for the same seed. */
const drawn = (seed: number) => () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;

it('spreads twenty cameras that are lost at once, draw after draw', () => {
  const rounds: number[][] = [[], [], [], []];
  for (let seed = 1; seed <= 1000; seed += 1) {
    const random = drawn(seed * 7919);
    const at = new Array<number>(20).fill(0);
    const backoffs = at.map(() => new Backoff(usualBackoff, random));
    for (const most of rounds) {
      backoffs.forEach((backoff, i) => (at[i] += backoff.next('soon')));
      most.push(
        Math.max(...at.map((from) => at.filter((moment) => moment >= from && moment < from + 100).length)),
      );
    }
  }
  const [first, second, third, fourth] = rounds.map((most) => most.sort((a, b) => a - b)[989]);
  expect(first).toBeLessThanOrEqual(11);
  expect(second).toBeLessThanOrEqual(8);
  expect(third).toBeLessThanOrEqual(7);
  expect(fourth).toBeLessThanOrEqual(7);
});

it('never waits longer than the cap, nor less than a tenth of the first pause', () => {
  const { firstMs, capMs } = usualBackoff;
  for (let seed = 1; seed <= 1000; seed += 1) {
    const backoff = new Backoff(usualBackoff, drawn(seed * 7919));
    const pauses = Array.from({ length: 20 }, () => backoff.next('soon'));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(capMs);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(firstMs / 10);
    // However long a vain try took, a breath is left.
    expect(backoff.next('soon', 60_000)).toBeGreaterThanOrEqual(firstMs / 10);
  }
});

it('asks a camera that refuses every half to whole minute', () => {
  expect(new Backoff(usualBackoff, () => 0).next('slowly', 60_000)).toBe(30_000);
  expect(new Backoff(usualBackoff, () => 1).next('slowly', 60_000)).toBe(60_000);
});

import { expect, it } from 'vitest';
import { numbers } from '../contracts/generated.js';
import { slopeOf } from './slope.js';

it('finds a line exactly where there is nothing but a line', () => {
  const { perUnit, bound, start } = slopeOf([0, 1, 2, 3].map((x) => [x, 5 + 2 * x]));
  expect(perUnit).toBeCloseTo(2, 12);
  expect(start).toBeCloseTo(5, 12);
  expect(bound).toBeLessThan(1e-9);
});

it('is right about its bound: of many noisy lines, about 95 % lie within', () => {
  const next = numbers(3);
  let within = 0;
  for (let trial = 0; trial < 400; trial += 1) {
    const points = Array.from({ length: 60 }, (_, x): [number, number] => [
      x,
      0.5 * x + 10 * (next() + next() + next() - 1.5),
    ]);
    const { perUnit, bound } = slopeOf(points);
    if (Math.abs(perUnit - 0.5) <= bound) within += 1;
  }
  expect(within / 400).toBeGreaterThan(0.91);
  expect(within / 400).toBeLessThan(0.995);
});

it('is less sure where neighbours resemble each other', () => {
  const waves = Array.from({ length: 60 }, (_, x): [number, number] => [x, Math.sin(x / 6)]);
  const next = numbers(5);
  const shuffled = waves.map(([x]): [number, number] => [x, Math.sqrt(2) * (next() > 0.5 ? 0.5 : -0.5)]);
  expect(slopeOf(waves).bound).toBeGreaterThan(1.5 * slopeOf(shuffled).bound);
});

it('refuses to draw a line through two points', () => {
  expect(() =>
    slopeOf([
      [0, 1],
      [1, 2],
    ]),
  ).toThrow(RangeError);
});

import { expect, it } from 'vitest';
import { workerCount } from '../../server/faces/worker-count.js';

it.each([
  [1, 1],
  [2, 2],
  [4, 4],
  [6, 4],
  [8, 4],
  [12, 6],
  [64, 16],
])('is, of %i processors, %i workers', (processors, workers) => {
  expect(workerCount('auto', processors)).toBe(workers);
  expect(workerCount(3, processors)).toBe(3);
});

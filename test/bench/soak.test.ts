import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { measuredEngines } from '../fixtures/measured-engines.js';
import { oneFace } from './pictures.js';
import { soak } from './soak.js';
import { countTensors } from './tensors.js';

// The short form of `npm run bench:memory`: what is kept of every frame shows within a few hundred of them.

setFlagsFromString('--expose-gc');
globalThis.gc = runInNewContext('gc') as NodeJS.GCFunction;

it('keeps nothing of the frames that were recognised', { timeout: 120_000 }, async () => {
  const { faces, samples, heap, external } = await soak({
    frames: 320,
    warmUp: 120,
    samples: 40,
    workers: 1,
    enginesFile: await measuredEngines(),
    pictures: [await oneFace()],
  });
  expect(faces).toBe(320);
  expect(samples).toHaveLength(40);
  // MiB for each 1,000 frames of one face: its landmarks and embedding alone would be 1, a frame 35.
  expect(external.perUnit - external.bound).toBeLessThan(0.3);
  expect(heap.perUnit - heap.bound).toBeLessThan(0.5);
  const handles = samples.map((sample) => sample.handles);
  expect(Math.max(...handles.slice(20))).toBeLessThanOrEqual(Math.max(...handles.slice(0, 20)));
});

it('leaves no tensor behind', async () => {
  const counts = await countTensors(3);
  expect(counts.map(({ engine }) => engine)).toContain('wasm');
  for (const { engine, leaked } of counts) expect({ engine, leaked }).toEqual({ engine, leaked: 0 });
});

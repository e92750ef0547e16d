import { describe, expect, it } from 'vitest';
import type { ChipTemplate } from '../../server/faces/align.js';
import { embed } from '../../server/faces/embed.js';
import { EMBEDDING_LENGTH } from '../../server/faces/face.js';
import type { Runner } from '../../server/faces/engine.js';
import { landmarks } from '../../server/faces/landmarks.js';
import { apart } from './drawn-picture.js';

const template: ChipTemplate = {
  size: 8,
  fit: 'affine',
  points: [
    [36, 0, 0],
    [45, 1, 0],
    [33, 0, 1],
  ],
};
/** Columns of red, from 0 to 7. */
const picture = {
  width: 8,
  height: 8,
  pixels: Uint8Array.from({ length: 192 }, (_, i) => Math.floor(i / 3) % 8),
};
const face = { picture, landmarks: new Float32Array(136) };
face.landmarks.set([8, 0], 90);
face.landmarks.set([0, 8], 66);

/** Embeds a chip as its first row: one number a pixel, and nothing else. */
function firstRow(batches: number[]): Runner {
  return {
    run: (input, batch) => {
      batches.push(batch);
      const output = new Float32Array(batch * EMBEDDING_LENGTH);
      for (let i = 0; i < batch; i += 1)
        for (let x = 0; x < 8; x += 1) output[i * EMBEDDING_LENGTH + x] = input[i * 192 + x * 3];
      return Promise.resolve([output]);
    },
    close: () => Promise.resolve(),
  };
}

describe('embed', () => {
  it('gives one embedding a face, sixteen chips at most at a time', async () => {
    const batches: number[] = [];
    const embeddings = await embed(
      firstRow(batches),
      template,
      Array<typeof face>(20)
        .fill(face)
        .map((one) => ({ ...one })),
    );
    expect(embeddings).toHaveLength(20);
    for (const embedding of embeddings)
      expect([...embedding.subarray(0, 8)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(batches).toEqual([16, 4]);
  });

  it('gives the mean of a chip and its mirror image, as long as they are', async () => {
    const batches: number[] = [];
    const [plain, both] = await embed(firstRow(batches), template, [face, { ...face, mirrored: true }]);
    expect(batches).toEqual([3]);
    expect(Math.hypot(...both)).toBeCloseTo(Math.hypot(...plain), 4);
    for (let x = 1; x < 8; x += 1) expect(both[x]).toBeCloseTo(both[0], 4);
  });

  it('has nothing to say of no faces', async () => {
    expect(await embed(firstRow([]), template, [])).toEqual([]);
  });
});

describe('landmarks', () => {
  /** Sees level eyes, or eyes that are tilted by `angle` in the first pass, level in the second. */
  const seeing = (angle: number, batches: number[]): Runner => ({
    run: (_, batch) => {
      const tilt = batches.length === 0 ? angle : 0;
      batches.push(batch);
      const output = new Float32Array(batch * 136).fill(0.5);
      for (let i = 0; i < batch; i += 1)
        for (let eye = 36; eye < 48; eye += 1) {
          const side = eye < 42 ? -0.2 : 0.2;
          output[i * 136 + 2 * eye] = 0.5 + side * Math.cos(tilt);
          output[i * 136 + 2 * eye + 1] = 0.4 + side * Math.sin(tilt);
        }
      return Promise.resolve([output]);
    },
    close: () => Promise.resolve(),
  });
  const found = { picture, box: { x: 1, y: 1, width: 6, height: 6 } };

  it('looks again only at heads that are tilted', async () => {
    const level: number[] = [];
    await landmarks(seeing(0.1, level), [found, found, found]);
    expect(level).toEqual([3]);
    const tilted: number[] = [];
    const [points] = await landmarks(seeing(0.4, tilted), [found]);
    expect(tilted).toEqual([1, 1]);
    // What is level in the levelled crop is tilted in the picture.
    const [dx, dy] = [points[90] - points[72], points[91] - points[73]];
    expect(Math.atan2(dy, dx)).toBeCloseTo(0.4, 4);
  });

  it('keeps each face what it is where only some are tilted', async () => {
    const batches: number[] = [];
    const faces = [found, { ...found, box: { x: 0, y: 0, width: 4, height: 4 } }];
    const points = await landmarks(seeing(0, batches), faces);
    expect(batches).toEqual([2]);
    expect(points[0][54]).toBeCloseTo(4, 5);
    expect(points[1][54]).toBeCloseTo(2, 5);
    expect(apart(points[0], points[1])).toBeGreaterThan(1);
  });
});

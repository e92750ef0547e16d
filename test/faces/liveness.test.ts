import { afterAll, describe, expect, it } from 'vitest';
import { readNetwork } from '../../models/catalogue.js';
import { packageFolder } from '../../models/weights.js';
import type { Runner } from '../../server/faces/engine.js';
import { openOnnx } from '../../server/faces/engines/onnx.js';
import { combine, liveness } from '../../server/faces/liveness.js';
import type { Picture } from '../../server/frames/frame.js';
import { drawnPicture } from './drawn-picture.js';

const face = { x: 560, y: 200, width: 160, height: 200 };

describe('what the liveness networks are shown', () => {
  /** Answers with the first values of each crop, so that the test sees which crop made which answer. */
  const looking = (outputs: number, seen: number[][]): Runner => ({
    run(input, batch) {
      const area = input.length / batch;
      seen.push(Array.from({ length: batch }, (_, i) => input[i * area + area / 2]));
      const answer = new Float32Array(batch * outputs);
      for (let i = 0; i < batch; i += 1) answer[i * outputs] = input[i * area + area / 2] / 255;
      return Promise.resolve([answer]);
    },
    close: () => Promise.resolve(),
  });
  const plain = (grey: number): Picture => ({
    width: 400,
    height: 400,
    pixels: new Uint8Array(400 * 400 * 3).fill(grey),
  });

  it('is every face, in batches of at most 16, each answered in its place', async () => {
    const [antispoof, live]: number[][][] = [[], []];
    const faces = Array.from({ length: 20 }, (_, i) => ({
      picture: plain(i * 10),
      box: { x: 100, y: 100, width: 120, height: 150 },
    }));
    const scores = await liveness({ antispoof: looking(1, antispoof), liveness: looking(2, live) }, faces);
    expect([antispoof, live].map((calls) => calls.map((call) => call.length))).toEqual([
      [16, 4],
      [16, 4],
    ]);
    scores.forEach(({ real, live: alive, score }, i) => {
      expect(real).toBeCloseTo((i * 10) / 255, 4);
      expect(alive).toBeCloseTo((i * 10) / 255, 4);
      expect(score).toBeCloseTo((i * 10) / 255, 4);
    });
  });

  it('is the square around the face and four tenths more, the edge going on beyond the picture', async () => {
    const seen: Float32Array[] = [];
    const runner: Runner = {
      run(input) {
        seen.push(input.slice());
        return Promise.resolve([new Float32Array(2)]);
      },
      close: () => Promise.resolve(),
    };
    // Dark up to the 41st column, light from there on.
    const picture = plain(200);
    for (let at = 0; at < picture.pixels.length; at += 3)
      if ((at / 3) % picture.width < 40) picture.pixels.fill(50, at, at + 3);
    // 100 pixels square, at the left edge: 20 more on each side, a fifth of the crop outside.
    await liveness({ antispoof: runner, liveness: runner }, [
      { picture, box: { x: 0, y: 150, width: 80, height: 100 } },
    ]);
    const row = seen[0].subarray(64 * 128 * 3, 65 * 128 * 3).filter((_, i) => i % 3 === 0);
    const light = row.findIndex((value) => value > 125);
    // The crop begins at 40 - 70 = -30 of 140, so the 41st column lies 70 in.
    expect(light).toBeGreaterThan((70 / 140) * 128 - 2);
    expect(light).toBeLessThan((70 / 140) * 128 + 2);
    expect(row[0]).toBeCloseTo(50);
    expect(row.at(-1)).toBeCloseTo(200);
  });

  it('lets neither network alone pass a face', () => {
    expect(combine(1, 0)).toBe(0);
    expect(combine(0, 1)).toBe(0);
    expect(combine(0.81, 1)).toBeCloseTo(0.9);
  });
});

describe.skipIf(packageFolder('@vladmandic/human') === null)(
  'the networks themselves (needs the optional package)',
  async () => {
    const engine = await openOnnx({ threads: 1 });
    afterAll(() => engine.close());

    it('give each face of a batch what it gets alone', async () => {
      const load = async (name: string): Promise<Runner> => {
        const { network, weights } = await readNetwork(name, 'nowhere');
        return engine.load(network, weights);
      };
      const runners = { antispoof: await load('antispoof'), liveness: await load('liveness') };
      const pictures = await Promise.all(
        ['skuli', 'ada'].map((id) => drawnPicture([{ id, x: 640, y: 300 }])),
      );
      const faces = pictures.map((picture) => ({ picture, box: face }));
      const together = await liveness(runners, faces);
      for (const [i, one] of faces.entries()) {
        const [alone] = await liveness(runners, [one]);
        for (const key of ['real', 'live', 'score'] as const) {
          expect(together[i][key]).toBeCloseTo(alone[key], 4);
          expect(alone[key]).toBeGreaterThanOrEqual(0);
          expect(alone[key]).toBeLessThanOrEqual(1);
        }
      }
    });
  },
);

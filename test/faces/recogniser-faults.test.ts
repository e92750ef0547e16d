import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GatehouseError } from '../../server/base/errors.js';
import { silentLog } from '../../server/base/log.js';
import { openOnnx } from '../../server/faces/engines/onnx.js';
import { recognise } from '../../server/faces/recognise.js';
import type { Recogniser } from '../../server/faces/recogniser.js';
import { startThread } from '../../server/faces/recognise-thread.js';
import { startRecogniser, type RecogniserOptions } from '../../server/faces/start-recogniser.js';
import type { Picture } from '../../server/frames/frame.js';
import { liveTools } from '../bench/tools.js';
import { drawnPicture } from './drawn-picture.js';
import { poisonedPicture } from './poison.js';

const options: RecogniserOptions = {
  engine: 'onnx',
  workers: 2,
  network: 'dlib-resnet',
  modelsFolder: 'nowhere',
  log: silentLog,
};
const poisonable: typeof startThread = (setup, patience, signal) =>
  startThread(setup, patience, signal, new URL('./poisoned.worker.ts', import.meta.url));
/** How many worker threads this process has, as Node itself counts them. */
const threads = () => (process.report.getReport() as unknown as { workers: unknown[] }).workers.length;
const healthy: Picture = { width: 320, height: 180, pixels: new Uint8Array(320 * 180 * 3).fill(128) };

/** Recognises one picture after another until it is told to stop; gives the longest wait, ms, and how many. */
function keepLooking(recogniser: Recogniser): { stop: () => Promise<{ longestMs: number; count: number }> } {
  const stop = new AbortController();
  const done = (async () => {
    let [longestMs, count] = [0, 0];
    while (!stop.signal.aborted) {
      const began = performance.now();
      await recogniser.recognise([healthy]);
      longestMs = Math.max(longestMs, performance.now() - began);
      count += 1;
      // As from a camera: not in every moment that the processor has.
      await pause(30);
    }
    return { longestMs, count };
  })();
  return { stop: () => (stop.abort(), done) };
}

describe('a worker', () => {
  it('that dies is replaced: its batch is lost, another camera goes on', async () => {
    const before = threads();
    const recogniser = await startRecogniser(options, poisonable);
    const other = keepLooking(recogniser);
    const began = performance.now();
    await expect(recogniser.recognise([poisonedPicture('exit')])).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
    });
    const noticedMs = performance.now() - began;
    await expect.poll(threads, { timeout: 20_000 }).toBe(before + 2);
    const backMs = performance.now() - began;
    const { longestMs, count } = await other.stop();
    await recogniser.close();
    console.log(
      `a worker that died: noticed in ${Math.round(noticedMs)} ms, its replacement begun by ${Math.round(backMs)} ms; ` +
        `the other camera's longest batch ${Math.round(longestMs)} ms of ${count}`,
    );
    expect(noticedMs).toBeLessThan(2_000);
    expect(count).toBeGreaterThan(0);
    expect(threads()).toBe(before);
  });

  it('that hangs is noticed by how long its batches usually take, and replaced', async () => {
    const before = threads();
    const recogniser = await startRecogniser({ ...options, engine: 'wasm' }, poisonable);
    for (let i = 0; i < 4; i += 1) await recogniser.recognise([healthy]);
    // The thread that worked last is taken first: the one that hangs knows the kind of batch.
    const began = performance.now();
    const hanging = recogniser.recognise([poisonedPicture('hang')]);
    const other = keepLooking(recogniser);
    await expect(hanging).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringContaining('no answer within') as string,
    });
    const noticedMs = performance.now() - began;
    const { longestMs, count } = await other.stop();
    // Both workers again, and the one that hung is gone although it never came back.
    expect(await Promise.all([1, 2, 3].map(() => recogniser.recognise([healthy])))).toEqual([
      [[]],
      [[]],
      [[]],
    ]);
    await recogniser.close();
    console.log(
      `a worker that hung: noticed in ${Math.round(noticedMs)} ms; meanwhile the other camera's longest batch ` +
        `${Math.round(longestMs)} ms of ${count}`,
    );
    expect(noticedMs).toBeGreaterThan(4_900);
    expect(noticedMs).toBeLessThan(12_000);
    expect(longestMs).toBeLessThan(noticedMs / 2);
    expect(threads()).toBe(before);
  });

  it('in native code is not torn off, however long it takes: that would end the process', async () => {
    const before = threads();
    const recogniser = await startRecogniser({ ...options, workers: 1, deadlineMs: 200 }, poisonable);
    await expect(recogniser.recognise([poisonedPicture('native')])).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
    });
    await recogniser.close();
    expect(threads()).toBe(before);
  });
});

describe('a poisoned picture', () => {
  let recogniser: Recogniser;
  let skuli: Picture;
  beforeAll(async () => {
    recogniser = await startRecogniser({ ...options, workers: 1 }, poisonable);
    skuli = await drawnPicture([{ id: 'skuli', x: 640, y: 260 }]);
  });
  afterAll(() => recogniser.close());

  it.each([
    ['of the wrong size', { ...healthy, width: 321 }, 'PICTURE_INVALID'],
    ['whose detection is no number', poisonedPicture('nan'), 'OUTPUT_INVALID'],
    ['whose detection is infinite', poisonedPicture('infinity'), 'OUTPUT_INVALID'],
  ])('%s is refused by name; the others of its batch are recognised', async (_, picture, code) => {
    const refused: [number, string][] = [];
    const faces = await recogniser.recognise(
      [skuli, picture, skuli],
      {},
      {
        refused: (index, error) => refused.push([index, error.code]),
      },
    );
    expect(refused).toEqual([[1, code]]);
    expect(faces.map(({ length }) => length)).toEqual([1, 0, 1]);
    expect(faces[2]).toEqual(faces[0]);
  });

  it('rejects the call of whoever does not listen', async () => {
    await expect(recogniser.recognise([skuli, poisonedPicture('nan')])).rejects.toMatchObject({
      code: 'OUTPUT_INVALID',
    });
  });

  it.each(['landmarks', 'embedder'] as const)(
    'on which the %s give no numbers is refused; its neighbour keeps its embedding',
    async (part) => {
      const engine = await openOnnx({ threads: 1 });
      const tools = await liveTools(engine);
      const real = tools[part];
      const spoilt = {
        ...real,
        run: async (...call: Parameters<typeof real.run>) => {
          const outputs = await real.run(...call);
          // The last row is the second picture's face.
          outputs[0][outputs[0].length - 1] = NaN;
          return outputs;
        },
      };
      const refused: [number, string][] = [];
      const faces = await recognise({ ...tools, [part]: spoilt }, [skuli, skuli], [{}, {}], {
        refuse: (index, thrown) => refused.push([index, (thrown as GatehouseError).code]),
      });
      await engine.close();
      expect(refused).toEqual([[1, 'OUTPUT_INVALID']]);
      expect(faces.map(({ length }) => length)).toEqual([1, 0]);
      expect(faces[0][0].embedding!.every(Number.isFinite)).toBe(true);
    },
  );
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../server/base/log.js';
import type { Recogniser } from '../../server/faces/recogniser.js';
import { startThread, type RecogniseThread } from '../../server/faces/recognise-thread.js';
import type { BatchTimes } from '../../server/faces/stage-times.js';
import { startRecogniser, type RecogniserOptions } from '../../server/faces/start-recogniser.js';
import { frameBytes, newFrame, type Picture } from '../../server/frames/frame.js';
import { greyFrame, toYuv } from '../fixtures/yuv.js';
import { measuredEngines } from '../fixtures/measured-engines.js';
import { apart, drawnPicture } from './drawn-picture.js';

const options: RecogniserOptions = {
  engine: 'auto',
  enginesFile: await measuredEngines(),
  workers: 1,
  network: 'dlib-resnet',
  modelsFolder: 'nowhere',
  log: silentLog,
};
/** How many worker threads this process has, as Node itself counts them. */
const threads = () => (process.report.getReport() as unknown as { workers: unknown[] }).workers.length;

describe('recognition of drawn people', () => {
  let recogniser: Recogniser;
  let alone: Picture;
  let together: Picture;
  const empty: Picture = { width: 320, height: 240, pixels: new Uint8Array(320 * 240 * 3).fill(128) };
  beforeAll(async () => {
    recogniser = await startRecogniser(options);
    alone = await drawnPicture([{ id: 'skuli', x: 640, y: 260 }]);
    together = await drawnPicture([
      { id: 'skuli', x: 330, y: 250, pose: { size: 170, smile: 0.6 } },
      { id: 'kofi', x: 900, y: 250, pose: { size: 200 } },
    ]);
  });
  afterAll(() => recogniser.close());

  it('says what it runs on', () => {
    expect(recogniser.description).toMatch(/^(onnx-int8|onnx|tfjs-node|wasm) \d.*, 1 worker$/);
    expect(recogniser).toMatchObject({ network: 'dlib-resnet', defaultThreshold: 0.54, concurrency: 1 });
  });

  it('finds everybody in a batch, largest first, and knows who is who', async () => {
    const [first, none, both] = await recogniser.recognise([alone, empty, together]);
    expect([first.length, none.length, both.length]).toEqual([1, 0, 2]);
    const [larger, smaller] = both.map(({ box }) => box.width * box.height);
    expect(larger).toBeGreaterThan(smaller);
    const [skuli, kofi] = [...both].sort((one, other) => one.box.x - other.box.x);
    expect(Math.abs(skuli.box.x + skuli.box.width / 2 - 330)).toBeLessThan(40);
    expect(Math.abs(kofi.box.x + kofi.box.width / 2 - 900)).toBeLessThan(40);
    expect(apart(first[0].embedding!, skuli.embedding!)).toBeLessThan(0.3);
    expect(apart(first[0].embedding!, kofi.embedding!)).toBeGreaterThan(0.45);
  });

  it('puts the landmarks on the eyes', async () => {
    const [[face]] = await recogniser.recognise([alone]);
    const mean = (from: number, until: number, axis: 0 | 1) => {
      let sum = 0;
      for (let i = from; i < until; i += 1) sum += face.landmarks![2 * i + axis];
      return sum / (until - from);
    };
    // The figure stands with the point between its eyes at (640, 260).
    expect(Math.abs((mean(36, 42, 0) + mean(42, 48, 0)) / 2 - 640)).toBeLessThan(8);
    expect(Math.abs(mean(36, 48, 1) - 260)).toBeLessThan(10);
  });

  it('gives the same embedding live and thorough, and for copied pixels', async () => {
    const [[live]] = await recogniser.recognise([alone]);
    const [[thorough]] = await recogniser.recognise([alone], { profile: 'photo' });
    const [[copied]] = await recogniser.recognise([{ ...alone, pixels: Uint8Array.from(alone.pixels) }]);
    expect(apart(live.embedding!, thorough.embedding!)).toBeLessThan(0.25);
    expect(copied.embedding).toEqual(live.embedding);
  });

  it('hands shared pixels over uncopied: what is drawn while it waits in line is what is seen', async () => {
    const pixels = new Uint8Array(new SharedArrayBuffer(alone.pixels.length));
    const busy = recogniser.recognise([together, together]);
    const posted = recogniser.recognise([{ ...alone, pixels }]);
    pixels.set(alone.pixels);
    expect((await busy)[0]).toHaveLength(2);
    expect((await posted)[0]).toHaveLength(1);
  });

  it('takes frames in planes beside pictures in RGB, and sees the same people', async () => {
    const frame = newFrame(alone, new Uint8Array(new SharedArrayBuffer(frameBytes(alone))));
    frame.planes.set(toYuv(alone, 'bt709').planes);
    frame.matrix = 'bt709';
    const [[inPlanes], [inRgb], none] = await recogniser.recognise([frame, alone, greyFrame(alone, 126)]);
    expect(none).toEqual([]);
    expect(Math.abs(inPlanes.box.x - inRgb.box.x)).toBeLessThan(8);
    // What is lost is half of the colours' sharpness.
    expect(apart(inPlanes.embedding!, inRgb.embedding!)).toBeLessThan(0.15);
  });

  it.each([
    ['too few bytes', { width: 16, height: 16, planes: new Uint8Array(383) }],
    ['an odd side', { width: 16, height: 5, planes: new Uint8Array(120) }],
    ['no size', { width: 0, height: 4, planes: new Uint8Array(0) }],
  ])('refuses a frame with %s', async (_, frame) => {
    const posted = recogniser.recognise([alone, { ...frame, matrix: 'bt601' }]);
    await expect(posted).rejects.toMatchObject({ code: 'PICTURE_INVALID' });
  });

  it.each([
    ['too few bytes', { width: 4, height: 4, pixels: new Uint8Array(47) }],
    ['no size', { width: 0, height: 4, pixels: new Uint8Array(0) }],
    ['half a pixel', { width: 1.5, height: 2, pixels: new Uint8Array(9) }],
  ])('refuses a picture with %s', async (_, picture) => {
    await expect(recogniser.recognise([alone, picture])).rejects.toMatchObject({ code: 'PICTURE_INVALID' });
  });

  it('has nothing to say about no pictures', async () => {
    expect(await recogniser.recognise([])).toEqual([]);
  });
});

describe('worker threads', () => {
  const blank: Picture = { width: 640, height: 360, pixels: new Uint8Array(640 * 360 * 3) };

  it('are replaced when they die: that batch fails, the others go on', async () => {
    const started: RecogniseThread[] = [];
    const recogniser = await startRecogniser({ ...options, workers: 2 }, async (...args) => {
      const thread = await startThread(...args);
      started.push(thread);
      return thread;
    });
    expect(started).toHaveLength(2);
    // The last started is the first taken.
    const doomed = recogniser.recognise(Array<Picture>(20).fill(blank));
    const other = recogniser.recognise([blank]);
    await started[1].end();
    await expect(doomed).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
    expect(await other).toEqual([[]]);
    // Three at a time need both workers, the replacement among them.
    expect(await Promise.all([1, 2, 3].map(() => recogniser.recognise([blank])))).toEqual([[[]], [[]], [[]]]);
    await expect.poll(() => started.length, { timeout: 20_000 }).toBe(3);
    expect(recogniser.workers).toMatchObject({ count: 2, replaced: 1 });
    await recogniser.close();
  });

  it('tell how busy they are, and where the time of a batch went', async () => {
    let now = 0;
    const recogniser = await startRecogniser({ ...options, now: () => now });
    const { workers } = recogniser;
    expect(workers).toMatchObject({ count: 1, busy: 0, busySeconds: 0, replaced: 0 });
    expect(recogniser.description).toContain(workers.engine);
    const timed: BatchTimes[] = [];
    const working = recogniser.recognise([blank, blank], {}, { timed: (times) => timed.push(times) });
    await new Promise(setImmediate);
    now = 2_000;
    expect(workers).toMatchObject({ busy: 1, busySeconds: 2 });
    await working;
    now = 5_000;
    expect(workers).toMatchObject({ busy: 0, busySeconds: 2 });
    expect(timed).toHaveLength(1);
    const [{ stages, pictures }] = timed;
    // Nobody is in the pictures: finding that out is all that was done.
    expect(stages[0]).toBeGreaterThan(0);
    expect(stages.slice(1)).toEqual([0, 0, 0, 0]);
    expect(pictures.every((seconds) => seconds > 0)).toBe(true);
    expect(pictures[0] + pictures[1]).toBeCloseTo(stages[0], 9);
    await recogniser.close();
  });

  it('are replaced when they do not answer in time', async () => {
    const recogniser = await startRecogniser({ ...options, deadlineMs: 1 });
    await expect(recogniser.recognise([blank])).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringContaining('no answer within 1 ms') as string,
    });
    // The next one waits for the replacement and meets the same deadline: it was not lost in between.
    await expect(recogniser.recognise([blank])).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
    await recogniser.close();
  });

  it('are gone after close, and then calls are refused', async () => {
    const before = threads();
    const recogniser = await startRecogniser({ ...options, workers: 2 });
    expect(threads()).toBe(before + 2);
    const under = recogniser.recognise(Array<Picture>(20).fill(blank));
    await new Promise(setImmediate);
    await recogniser.close();
    // What a worker has in hand it finishes first: ended in native code, it would end the process.
    expect(await under).toHaveLength(20);
    await expect(recogniser.recognise([blank])).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
    expect(threads()).toBe(before);
  });

  it('leave nothing behind when the weights are missing', async () => {
    const before = threads();
    await expect(startRecogniser({ ...options, network: 'facenet-nn4' })).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      remedy: expect.stringContaining('gatehouse models import openface') as string,
    });
    expect(threads()).toBe(before);
  });
});

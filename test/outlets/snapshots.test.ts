import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../server/base/log.js';
import { frameBytes, type WritableFrame } from '../../server/frames/frame.js';
import { drawRgbPlainly, toRgb } from '../../server/frames/to-rgb.js';
import { cropAround } from '../../server/outlets/crop.js';
import { openSnapshots } from '../../server/outlets/snapshots.js';
import { fakeClock } from '../fixtures/fake-clock.js';
import { toYuv } from '../fixtures/yuv.js';

const DAY = 24 * 3_600_000;

/** A picture whose red is the column and green the row. */
function ramp(width: number, height: number): WritableFrame {
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) pixels.set([x, y, 0], (y * width + x) * 3);
  return toYuv({ width, height, pixels });
}

/** Chroma of 2 x 2 pixels, and rounding. */
function expectNear(seen: Uint8Array, colour: readonly number[]): void {
  colour.forEach((level, i) => expect(Math.abs(seen[i] - level)).toBeLessThan(4));
}

const ALL = { x: 0, y: 0, width: 100, height: 100 };

describe('the part around a face', () => {
  test('is twice the face, centred on it', () => {
    const crop = cropAround(ramp(200, 100), { x: 90, y: 40, width: 20, height: 20 });
    expect([crop.width, crop.height]).toEqual([40, 40]);
    const rgb = new Uint8Array(40 * 40 * 3);
    drawRgbPlainly(crop, rgb);
    expectNear(rgb.subarray(0, 3), [80, 30, 0]);
    expectNear(rgb.subarray(-3), [119, 69, 0]);
  });

  test.each([
    ['at even places', { x: 60, y: 30, width: 20, height: 20 }],
    ['at odd places', { x: 61, y: 29, width: 13, height: 13 }],
    ['over a corner', { x: 185, y: 85, width: 31, height: 25 }],
  ])('is pixel by pixel what the whole picture has there: %s', (_, box) => {
    const picture = ramp(200, 100);
    picture.matrix = 'bt709';
    const crop = cropAround(picture, box);
    const size = Math.max(box.width, box.height);
    const [left, top] = [box.x + box.width / 2 - size, box.y + box.height / 2 - size].map(
      (at) => 2 * Math.floor(at / 2),
    );
    const part = { x: left, y: top, width: crop.width, height: crop.height };
    const [own, expected] = [0, 1].map(() => new Uint8Array(crop.width * crop.height * 3));
    drawRgbPlainly(crop, own);
    toRgb(picture, part, expected);
    expect(Buffer.compare(own, expected)).toBe(0);
  });

  test.each([
    ['over a corner', { x: -30, y: -30, width: 40, height: 40 }],
    ['over the far corner', { x: 190, y: 90, width: 60, height: 60 }],
    ['outside altogether', { x: 900, y: 900, width: 10, height: 10 }],
    ['larger than the picture', { x: -50, y: -50, width: 900, height: 900 }],
  ])('stays inside the picture for a face %s', (_, box) => {
    const crop = cropAround(ramp(200, 100), box);
    expect(crop.width).toBeGreaterThan(0);
    expect(crop.height).toBeGreaterThan(0);
    expect(crop.planes).toHaveLength(frameBytes(crop));
    expect([crop.width % 2, crop.height % 2]).toEqual([0, 0]);
    expect(crop.width).toBeLessThanOrEqual(200);
    expect(crop.height).toBeLessThanOrEqual(100);
  });
});

describe('snapshots', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-snapshots-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('are kept as JPEG, the newest of a visit', async () => {
    const snapshots = await openSnapshots(folder, DAY, fakeClock(Date.now()), silentLog);
    expect(await snapshots.take('visit-1', ramp(40, 30), ALL)).toBe(true);
    expect(await snapshots.take('visit-1', ramp(60, 30), ALL)).toBe(true);
    const info = await sharp(Buffer.from((await snapshots.read('visit-1'))!)).metadata();
    expect([info.format, info.width, info.height]).toEqual(['jpeg', 60, 30]);
    expect(await readdir(folder)).toEqual(['visit-1.jpg']);
    snapshots.close();
  });

  test('may be taken again while one is being written', async () => {
    const snapshots = await openSnapshots(folder, DAY, fakeClock(Date.now()), silentLog);
    const taken = await Promise.all(
      Array.from({ length: 8 }, () => snapshots.take('visit-1', ramp(400, 300), ALL)),
    );
    expect(taken).toEqual(Array.from({ length: 8 }, () => true));
    expect(await readdir(folder)).toEqual(['visit-1.jpg']);
    snapshots.close();
  });

  test('nothing else on the disk can be read through them', async () => {
    const snapshots = await openSnapshots(folder, DAY, fakeClock(), silentLog);

    await writeFile(join(folder, 'inner.jpg'), 'x');
    expect(await snapshots.read('./inner')).toBeNull();
    expect(await snapshots.read('../secret')).toBeNull();
    expect(await snapshots.read('')).toBeNull();
    snapshots.close();
  });

  test('old ones are removed, temporary files that a kill left behind too', async () => {
    for (const name of ['old.jpg', 'young.jpg', 'old.jpg.1.part']) await writeFile(join(folder, name), 'x');
    const old = new Date(Date.now() - 3 * DAY);
    for (const name of ['old.jpg', 'old.jpg.1.part']) await utimes(join(folder, name), old, old);
    const snapshots = await openSnapshots(folder, 2 * DAY, fakeClock(Date.now()), silentLog);
    await expect.poll(() => readdir(folder)).toEqual(['young.jpg']);
    snapshots.close();
  });

  test('a folder that cannot be written is a problem in words, and nothing is thrown', async () => {
    const snapshots = await openSnapshots(folder, DAY, fakeClock(), silentLog);
    await rm(folder, { recursive: true });
    expect(await snapshots.take('visit-1', ramp(40, 30), ALL)).toBe(false);
    expect(snapshots.problem).toContain('not kept');
    snapshots.close();
  });
});

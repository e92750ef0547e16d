import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../server/base/log.js';
import { findFfmpeg } from '../../server/cameras/find-ffmpeg.js';
import { encodeClip } from '../../server/demo/encode.js';
import { prepareScene } from '../../server/demo/prepare-scene.js';
import { renderScene } from '../../server/demo/render-scene.js';
import { sceneFormat } from '../../server/demo/scene-format.js';
import { demoScenes } from '../../server/demo/scene.js';

const run = promisify(execFile);
const { width, height } = sceneFormat;
const FRAMES = 12;

let ffmpegPath: string;
let folder: string;
let frames: Uint8Array[];
beforeAll(async () => {
  ffmpegPath = (await findFfmpeg()).path;
  frames = [];
  for await (const picture of renderScene(demoScenes[0], FRAMES)) frames.push(picture);
}, 60_000);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-scenes-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const pictures = () => Readable.from(frames) as AsyncIterable<Uint8Array>;

/** Decodes a clip; gives its frames as RGB. */
async function decode(clip: string): Promise<Uint8Array[]> {
  const { stdout } = await run(
    ffmpegPath,
    ['-v', 'error', '-i', clip, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
    {
      encoding: 'buffer',
      maxBuffer: 1 << 30,
    },
  );
  const bytes = width * height * 3;
  return Array.from({ length: stdout.length / bytes }, (_, index) =>
    stdout.subarray(index * bytes, (index + 1) * bytes),
  );
}

const meanDifference = (first: Uint8Array, second: Uint8Array) => {
  let sum = 0;
  for (let at = 0; at < first.length; at += 7) sum += Math.abs(first[at] - second[at]);
  return sum / (first.length / 7);
};

describe('pictures of a scene', () => {
  it('have the size they promise, change, and are the same every time', async () => {
    expect(frames).toHaveLength(FRAMES);
    for (const frame of frames) expect(frame).toHaveLength(width * height * 3);
    expect(meanDifference(frames[0], frames[FRAMES - 1])).toBeGreaterThan(1);
    let again: Uint8Array | null = null;
    for await (const picture of renderScene(demoScenes[0], 6)) again = picture;
    expect(Buffer.compare(again!, frames[5])).toBe(0);
  });
});

describe('encoding', () => {
  const options = (target: string, path = ffmpegPath, signal = new AbortController().signal) => ({
    ffmpegPath: path,
    target,
    signal,
    ...sceneFormat,
  });

  it('gives a clip of H.264 with every picture in it, close to what was drawn', async () => {
    const clip = join(folder, 'clip.mp4');
    await encodeClip(pictures, options(clip));
    const { stderr } = await run(ffmpegPath, ['-i', clip, '-f', 'null', '-']);
    expect(stderr).toMatch(/Video: h264/);
    const decoded = await decode(clip);
    expect(decoded).toHaveLength(FRAMES);
    for (const [index, frame] of decoded.entries())
      expect(meanDifference(frame, frames[index])).toBeLessThan(4);
  });

  it('falls back where ffmpeg has no libx264', async () => {
    const poor = join(folder, 'poor-ffmpeg');
    await writeFile(
      poor,
      `#!/bin/sh\ncase "$*" in *libx264*) echo "Unknown encoder 'libx264'" >&2; exit 1;; esac\nexec '${ffmpegPath}' "$@"\n`,
    );
    await chmod(poor, 0o755);
    const clip = join(folder, 'clip.mp4');
    await encodeClip(pictures, options(clip, poor));
    expect(await decode(clip)).toHaveLength(FRAMES);
  });

  it('says what is wrong with ffmpeg', async () => {
    const target = join(folder, 'clip.mp4');
    const missing = join(folder, 'no-such-ffmpeg');
    await expect(encodeClip(pictures, options(target, missing))).rejects.toMatchObject({
      code: 'FFMPEG_NOT_FOUND',
    });
    await expect(encodeClip(pictures, options(target, '/bin/false'))).rejects.toMatchObject({
      code: 'FFMPEG_BROKEN',
    });
  });

  it.skipIf(!existsSync('/dev/full'))('says that the disk is full', async () => {
    await expect(encodeClip(pictures, options('/dev/full'))).rejects.toMatchObject({ code: 'DISK_FULL' });
  });
});

describe('preparing a scene', () => {
  const prepare = (
    scene: string,
    more: { path?: string; signal?: AbortSignal; progress?: (share: number) => void },
  ) =>
    prepareScene(scene, {
      folder,
      ffmpeg: { path: more.path ?? ffmpegPath },
      signal: more.signal ?? new AbortController().signal,
      progress: more.progress ?? (() => undefined),
      log: silentLog,
    });

  it('refuses a scene that nobody drew, naming those there are', async () => {
    await expect(prepare('garage', {})).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      remedy: expect.stringContaining('entrance') as string,
    });
  });

  it('leaves neither ffmpeg nor half a clip after an abort, and rejects those who wait', async () => {
    const stop = new AbortController();
    const begun = prepare('side-door', { signal: stop.signal, progress: () => stop.abort() });
    const waiting = prepare('lobby', { signal: stop.signal });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await expect(begun).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(folder)).toEqual([]);
    if (process.platform === 'linux')
      for (const id of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)))
        expect(await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')).not.toContain(folder);
  }, 60_000);

  it('leaves no half of a clip where ffmpeg fails, and the next one gets its turn', async () => {
    const failing = prepare('entrance', { path: '/bin/false' });
    const after = prepare('lobby', { path: '/bin/false' });
    await expect(failing).rejects.toMatchObject({ code: 'FFMPEG_BROKEN' });
    await expect(after).rejects.toMatchObject({ code: 'FFMPEG_BROKEN' });
    expect(await readdir(folder)).toEqual([]);
  }, 60_000);

  it('says so where it cannot write', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    await expect(
      prepareScene('entrance', {
        folder: file,
        ffmpeg: { path: ffmpegPath },
        signal: new AbortController().signal,
        progress: () => undefined,
        log: silentLog,
      }),
    ).rejects.toMatchObject({ code: 'DATA_NOT_WRITABLE' });
  });

  describe('to the end', () => {
    let cache: string;
    beforeAll(async () => {
      cache = await mkdtemp(join(tmpdir(), 'gatehouse-scene-cache-'));
    });
    afterAll(() => rm(cache, { recursive: true, force: true }));

    it('tells its progress, clears away earlier versions, and draws a scene only once', async () => {
      await writeFile(join(cache, 'side-door-0123456789ab.mp4'), 'an earlier version');
      await writeFile(join(cache, 'side-door-0123456789ab.mp4.8f.part'), 'half of one');
      await writeFile(join(cache, 'entrance-0123456789ab.mp4'), 'of another scene');
      const shares: number[] = [];
      const options = {
        folder: cache,
        ffmpeg: { path: ffmpegPath },
        signal: new AbortController().signal,
        progress: (share: number) => shares.push(share),
        log: silentLog,
      };
      const [first, second] = await Promise.all([
        prepareScene('side-door', options),
        prepareScene('side-door', options),
      ]);
      expect(second).toBe(first);
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
      expect(new Set(shares).size).toBe(shares.length);
      expect(shares.length).toBeGreaterThan(30);
      expect((await readdir(cache)).sort()).toEqual(
        ['entrance-0123456789ab.mp4', first.slice(cache.length + 1)].sort(),
      );

      await prepareScene('side-door', { ...options, ffmpeg: { path: '/bin/false' } });
    }, 120_000);
  });
});

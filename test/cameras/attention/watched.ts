import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { systemClock as clock } from '../../../server/base/clock.js';
import { camera, type CameraStatus } from '../../../server/cameras/camera.js';
import { findFfmpeg } from '../../../server/cameras/find-ffmpeg.js';
import type { Source } from '../../../server/cameras/source.js';
import { rawFrames } from '../../../server/cameras/sources/plan.js';
import { frameBytes, newFrame, type YuvMatrix } from '../../../server/frames/frame.js';
import { lumaGrid } from '../../../server/frames/luma-grid.js';
import type { VideoFragment } from '../../../server/frames/video.js';
import type { Clip } from '../../fixtures/clip.js';
import { makeWalk, type WalkWish } from '../../fixtures/walk-clip.js';

/** As many frames as the camera has pictures, so that they can be compared one by one. */
export const size = { width: 320, height: 180, fps: 25 };

export const bundled = await findFfmpeg({ env: {} });

export interface Delivered {
  /** When it was delivered, and when it had arrived by its own account, monotonic ms. */
  at: number;
  arrivedAt: number;
  /** Of its pixels: no two pictures of a walk have the same. */
  hash: string;
  matrix: YuvMatrix;
  /** Whether the grid that came with it is that of its pixels. */
  isGridded: boolean;
}

const hashOf = (pixels: Uint8Array) => createHash('md5').update(pixels).digest('hex');

/** The number of each picture of a clip by its pixels, as the bundled ffmpeg decodes them all, and the other way round. */
interface Numbers {
  get(hash: string): number | undefined;
  /** An encoder may repeat a picture in which nothing moves: its number is that of the first. */
  of(number: number): number;
}

function numbersOf(clip: Clip): Numbers {
  const mark = Buffer.from([0, 0, 0, 1]);
  const units = clip.pictures.flatMap((picture) => picture.units.flatMap((unit) => [mark, unit]));
  const input = clip.codec === 'h264' ? 'h264' : 'hevc';
  const [form, out] = [rawFrames(size, bundled.dialect, []), ['-loglevel', 'error', 'pipe:1']];
  const decoded = execFileSync(bundled.path, ['-f', input, '-i', 'pipe:0', ...form, ...out], {
    input: Buffer.concat(units),
    maxBuffer: 1 << 30,
  });
  const bytes = frameBytes(size);
  const hashes = clip.pictures.map((_, at) => hashOf(decoded.subarray(at * bytes, (at + 1) * bytes)));
  const first = new Map(hashes.map((hash, at) => [hash, at] as const).reverse());
  return { get: (hash) => first.get(hash), of: (number) => first.get(hashes[number])! };
}

/** A supervised camera, everything that it delivered and said, and its video. */
export function watched(source: Source) {
  const frames: Delivered[] = [];
  const told: CameraStatus[] = [];
  const video: { at: number; fragment: VideoFragment }[] = [];
  const writing = newFrame(size);
  const stop = new AbortController();
  const over = new Promise<void>((resolve, reject) => {
    camera({
      id: 'door',
      source,
      sink: {
        ...size,
        writing,
        publish: (arrivedAt = clock.monotonic()) => {
          const at = clock.monotonic();
          const { matrix, grid } = writing;
          const isGridded = grid !== null && isDeepStrictEqual(grid, lumaGrid(writing));
          frames.push({ at, arrivedAt, hash: hashOf(writing.planes), matrix, isGridded });
        },
      },
      video: {
        start: () => undefined,
        fragment: (fragment) => video.push({ at: clock.monotonic(), fragment }),
        end: () => undefined,
      },
      clock,
      random: Math.random,
      signal: stop.signal,
    }).subscribe({ next: (status) => told.push(status), error: reject, complete: resolve });
  });
  return {
    frames,
    told,
    video,
    since: (moment: number) => frames.filter(({ at }) => at >= moment),
    stop: async () => {
      stop.abort();
      await over;
    },
  };
}

export async function until(what: string, isSo: () => boolean, withinMs: number): Promise<number> {
  const deadline = performance.now() + withinMs;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(5);
  }
  return performance.now();
}

/** Clips are drawn once: that takes seconds in which nothing else runs here. */
const drawn = new Map<string, { clip: Clip; numbers: Numbers | null }>();
export function draw(wish: Omit<WalkWish, 'width' | 'height'>) {
  const key = JSON.stringify(wish);
  const known = drawn.get(key);
  if (known) return known;
  const clip = makeWalk(bundled.path, { width: size.width, height: size.height, ...wish });
  // The pictures of a clip in which nobody walks need no numbers.
  const made = { clip, numbers: wish.walk ? numbersOf(clip) : null };
  drawn.set(key, made);
  return made;
}

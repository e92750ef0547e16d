import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, expect, describe, it } from 'vitest';
import { systemClock as clock } from '../../../server/base/clock.js';
import { findFfmpeg } from '../../../server/cameras/find-ffmpeg.js';
import { rtspSource } from '../../../server/cameras/sources/rtsp.js';
import { newFrame } from '../../../server/frames/frame.js';
import { makeClip } from '../../fixtures/clip.js';
import { RtspCamera } from '../../fixtures/rtsp-camera.js';
import { canSeeProcesses, childrenOf } from '../post.js';

const ffmpeg = await findFfmpeg({
  env: { PATH: process.env['PATH'], FFMPEG_PATH: process.env['GATEHOUSE_TEST_FFMPEG'] },
});
const bundled = await findFfmpeg({ env: {} });
const clip = makeClip(bundled.path, { codec: 'h264', width: 320, height: 180 });
/** When each picture of an MP4 is decoded, as ffmpeg reads it, ms after the first. */
function timesIn(video: Buffer): number[] {
  const list = execFileSync(
    bundled.path,
    [...['-loglevel', 'error', '-f', 'mp4', '-i', 'pipe:0', '-c', 'copy', '-f', 'framecrc', 'pipe:1']],
    { input: video, encoding: 'utf8' },
  );
  const unit = Number(/^#tb 0: 1\/(\d+)/m.exec(list)![1]);
  const times = [...list.matchAll(/^0, *(-?\d+),/gm)].map(([, ticks]) => (Number(ticks) * 1000) / unit);
  return times.map((time) => time - times[0]);
}
const copies = () =>
  [...childrenOf(process.pid).values()].filter((line) => line.includes('frag_every_frame'));

let camera: RtspCamera;
afterEach(() => camera.close());
afterAll(() => {
  if (canSeeProcesses) expect(copies()).toEqual([]);
});

/** Follows the stream until `enough` pictures came or it failed. */
async function follow(
  login: { username?: string; password?: string },
  enough: number,
  came: (count: number) => void = () => undefined,
) {
  const seen = {
    bytes: [] as Uint8Array[],
    times: [] as number[],
    arrivals: [] as number[],
    codecs: [] as string[],
    keys: [] as boolean[],
    published: 0,
    ends: 0,
    lines: [] as string[],
  };
  const abort = new AbortController();
  let fault: unknown = null;
  const none = { width: 0, height: 0 };
  const sink = { ...none, writing: newFrame(none), publish: () => (seen.published += 1) };
  const over = rtspSource(
    { url: camera.url, transport: 'tcp', pictures: 'none', ...login },
    { ffmpeg, clock },
  )
    .run(sink, abort.signal, {
      start: ({ codec, bytes }) => {
        seen.codecs.push(codec);
        seen.bytes.push(bytes);
      },
      fragment: ({ keyframe, bytes, decodeTimeMs }) => {
        seen.keys.push(keyframe);
        seen.bytes.push(bytes);
        seen.times.push(decodeTimeMs);
        seen.arrivals.push(performance.now());
        came(seen.keys.length);
      },
      end: () => (seen.ends += 1),
    })
    .catch((error: unknown) => (fault = error));
  const deadline = performance.now() + 20_000;
  while (seen.keys.length < enough && fault === null && performance.now() < deadline) await pause(10);
  if (canSeeProcesses) seen.lines = copies();
  const watching = camera.viewers;
  abort.abort();
  await over;
  return { ...seen, fault, watching };
}

describe('a stream for the live view alone', () => {
  it('is copied, not decoded, over one connection', async () => {
    camera = await new RtspCamera({ clip }).open();
    const seen = await follow({}, 30);
    expect(seen.fault).toBeNull();
    expect(seen.codecs).toEqual([expect.stringMatching(/^avc1\./)]);
    expect(seen.keys[0]).toBe(true);
    expect(seen.keys.length).toBeGreaterThanOrEqual(30);
    expect(seen.published).toBe(seen.keys.length);
    expect(seen.ends).toBe(1);
    expect(seen.watching).toBe(1);
    if (canSeeProcesses) {
      expect(seen.lines).toHaveLength(1);
      expect(seen.lines[0]).not.toContain('rawvideo');
    }
  });

  it.each([
    ['forward', 3600],
    ['back', -3600],
  ])(
    'goes on in its times where the camera’s clock jumps %s by an hour, and comes back',
    async (_, seconds) => {
      camera = await new RtspCamera({ clip }).open();
      const { fault, bytes, times, arrivals } = await follow({}, 150, (count) => {
        if (count === 25) camera.jumpClock(seconds);
        if (count === 100) camera.jumpClock(-seconds);
      });
      expect(fault).toBeNull();
      const took = arrivals.at(-1)! - arrivals[15];
      expect(times.at(-1)! - times[15]).toBeGreaterThan(took - 500);
      expect(times.at(-1)! - times[15]).toBeLessThan(took + 500);
      const steps = times.slice(1).map((time, i) => time - times[i]);
      expect(Math.min(...steps)).toBeGreaterThan(0);
      expect(Math.max(...steps)).toBeLessThan(1000);
      // What is told of the pictures is what stands in their bytes.
      const read = timesIn(Buffer.concat(bytes));
      expect(read).toHaveLength(times.length);
      read.forEach((time, i) => expect(time).toBeCloseTo(times[i] - times[0], 0));
    },
  );

  it('logs in, and the password stands in no list of processes', async () => {
    const login = { username: 'desk', password: 'geheim' };
    camera = await new RtspCamera({ clip, ...login }).open();
    const seen = await follow(login, 5);
    expect(seen.fault).toBeNull();
    if (canSeeProcesses) expect(seen.lines).toHaveLength(1);
    expect(seen.lines.join()).not.toContain('geheim');
  });

  it('with a wrong password is refused, and tried slowly', async () => {
    camera = await new RtspCamera({ clip, username: 'desk', password: 'geheim' }).open();
    const seen = await follow({ username: 'desk', password: 'wrong' }, 1);
    expect(seen.fault).toMatchObject({ code: 'CAMERA_UNAUTHORISED', retry: 'slowly' });
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock as clock } from '../../../server/base/clock.js';
import { findFfmpeg } from '../../../server/cameras/find-ffmpeg.js';
import type { Source } from '../../../server/cameras/source.js';
import { fileSource } from '../../../server/cameras/sources/file.js';
import { httpSource } from '../../../server/cameras/sources/http.js';
import { rtspSource } from '../../../server/cameras/sources/rtsp.js';
import { newFrame } from '../../../server/frames/frame.js';
import type { VideoFragment, VideoInit } from '../../../server/frames/video.js';
import { encodeClip, makeClip } from '../../fixtures/clip.js';
import { HttpCamera } from '../../fixtures/http-camera.js';
import { RtspCamera } from '../../fixtures/rtsp-camera.js';
import { canSeeProcesses, ffmpegChildren, size } from '../post.js';

const ffmpeg = await findFfmpeg({
  env: { PATH: process.env['PATH'], FFMPEG_PATH: process.env['GATEHOUSE_TEST_FFMPEG'] },
});
const bundled = await findFfmpeg({ env: {} });

/** Runs a source until it has delivered so much, and gives what came. */
async function run(
  make: (tools: { ffmpeg: typeof ffmpeg; clock: typeof clock; noVideo: () => void }) => Source,
  until: (seen: { frames: number; fragments: number; ends: number }) => boolean,
  during: () => void | Promise<void> = () => undefined,
) {
  const refusals: string[] = [];
  const inits: VideoInit[] = [];
  const fragments: VideoFragment[] = [];
  const seen = { frames: 0, fragments: 0, ends: 0 };
  const abort = new AbortController();
  const tools = { ffmpeg, clock, noVideo: (why?: Error) => refusals.push(why!.message) };
  let fault: unknown = null;
  const over = make(tools)
    .run({ ...size, writing: newFrame(size), publish: () => (seen.frames += 1) }, abort.signal, {
      start: (init) => inits.push(init),
      fragment: (fragment) => {
        seen.fragments += 1;
        fragments.push(fragment);
      },
      end: () => (seen.ends += 1),
    })
    .catch((error: unknown) => (fault = error));
  const deadline = performance.now() + 15_000;
  while (!until(seen) && performance.now() < deadline && fault === null) await pause(10);
  await during();
  abort.abort();
  await over;
  return { ...seen, fragmentsSeen: fragments, inits, refusals, fault };
}

/** Folders of sockets that are left. */
const left = () => readdirSync(tmpdir()).filter((name) => /^gatehouse-\w{6}$/.test(name)).length;
const before = left();
afterAll(() => {
  if (canSeeProcesses) expect([...ffmpegChildren().values()]).toEqual([]);
  expect(left()).toBe(before);
});

describe('an RTSP camera', () => {
  let camera: RtspCamera;
  afterEach(() => camera.close());
  const open = async (codec: 'h264' | 'h265') => {
    camera = await new RtspCamera({
      clip: makeClip(bundled.path, { codec, width: 320, height: 180 }),
    }).open();
    const { url } = camera;
    return (tools: Parameters<Parameters<typeof run>[0]>[0]) =>
      rtspSource({ ...size, url, transport: 'tcp' }, tools);
  };

  it.each(['h264', 'h265'] as const)(
    'gives frames and its own video over one connection and one ffmpeg: %s',
    async (codec) => {
      const seen = await run(
        await open(codec),
        ({ frames, fragments }) => frames >= 5 && fragments >= 25,
        () => {
          expect(camera.viewers).toBe(1);
          expect(camera.requests.filter((line) => line.startsWith('PLAY'))).toHaveLength(1);
          if (canSeeProcesses) expect(ffmpegChildren().size).toBe(1);
        },
      );
      expect(seen.fault).toBeNull();
      expect(seen.refusals).toEqual([]);
      expect(seen.inits).toHaveLength(1);
      expect(seen.inits[0]).toMatchObject({ width: 320, height: 180 });
      expect(seen.inits[0].codec).toMatch(codec === 'h264' ? /^avc1\./ : /^hev1\./);
      expect(seen.fragmentsSeen[0].keyframe).toBe(true);
      expect(seen.ends).toBe(1);
      // The camera's own 25 pictures a second, not the 5 that are recognised.
      expect(seen.fragments).toBeGreaterThan(seen.frames * 2);
    },
  );

  it('that goes away ends its video too', async () => {
    const make = await open('h264');
    const seen = await run(make, ({ fragments }) => {
      if (fragments >= 5) camera.drop('rst');
      return false;
    });
    expect(seen.fault).toMatchObject({ code: 'CAMERA_DROPPED' });
    expect(seen.ends).toBe(1);
  });

  it('gives its frames also where no socket for the video can be had', async () => {
    const make = await open('h264');
    vi.stubEnv('TMPDIR', '/nowhere');
    const seen = await run(make, ({ frames }) => frames >= 5).finally(() => vi.unstubAllEnvs());
    expect(seen).toMatchObject({ fault: null, fragments: 0, ends: 0 });
    expect(seen.frames).toBeGreaterThanOrEqual(5);
    expect(seen.refusals.join()).toMatch(/no socket/);
  });
});

describe('a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-copied-'));
  const make = (codec: readonly string[], name: string): string => {
    const raw = encodeClip(bundled.path, { codec: 'h264', width: 320, height: 180, seconds: 1 });
    const path = join(folder, name);
    execFileSync(bundled.path, ['-y', '-loglevel', 'error', '-i', raw, ...codec, path]);
    return path;
  };

  it('gives its video, on over the end of each round', async () => {
    const path = make(['-c', 'copy'], 'h264.mp4');
    const seen = await run(
      (tools) => fileSource({ ...size, path }, tools),
      ({ fragments }) => fragments > 60,
    );
    expect(seen).toMatchObject({ fault: null, refusals: [] });
    const times = seen.fragmentsSeen.map(({ decodeTimeMs }) => decodeTimeMs);
    expect(times.every((time, at) => at === 0 || time > times[at - 1])).toBe(true);
    expect(times.at(-1)).toBeGreaterThan(2000);
  });

  it('in a codec that browsers do not play gives its frames, and it is said why there is no video', async () => {
    const path = make(['-c:v', 'mpeg4'], 'mpeg4.mp4');
    const seen = await run(
      (tools) => fileSource({ ...size, path }, tools),
      ({ frames }) => frames >= 8,
    );
    expect(seen).toMatchObject({ fault: null, fragments: 0, ends: 0 });
    expect(seen.frames).toBeGreaterThanOrEqual(8);
    expect(seen.refusals).toEqual([expect.stringMatching(/neither H.264 nor H.265, but "mp4v"/)]);
  });

  it('in a codec that ffmpeg cannot copy is run again without', async () => {
    const path = make(['-c:v', 'ffv1'], 'ffv1.mkv');
    const seen = await run(
      (tools) => fileSource({ ...size, path }, tools),
      ({ frames }) => frames >= 5,
    );
    expect(seen).toMatchObject({ fault: null, fragments: 0 });
    expect(seen.frames).toBeGreaterThanOrEqual(5);
    expect(seen.refusals).toEqual([expect.stringMatching(/ffmpeg cannot copy it/)]);
  });

  it('that is missing is told as before', async () => {
    const seen = await run(
      (tools) => fileSource({ ...size, path: '/nowhere/a.mp4' }, tools),
      () => false,
    );
    expect(seen.fault).toMatchObject({ code: 'CAMERA_NOT_FOUND' });
    expect(seen.refusals).toEqual([]);
  });
});

describe('an HTTP camera', () => {
  let camera: HttpCamera;
  beforeAll(async () => {
    camera = await new HttpCamera(bundled.path).open();
  });
  afterAll(() => camera.close());

  it('gives the video of a playlist', async () => {
    const url = `http://127.0.0.1:${camera.port}/live.m3u8`;
    const seen = await run(
      (tools) => httpSource({ ...size, url }, tools),
      ({ frames, fragments }) => frames >= 2 && fragments >= 5,
    );
    expect(seen).toMatchObject({ fault: null, refusals: [] });
    expect(seen.inits[0].codec).toMatch(/^avc1\./);
  });

  it('that sends MJPEG has no other video than its pictures', async () => {
    const url = `http://127.0.0.1:${camera.port}/video.mjpg`;
    const seen = await run(
      (tools) => httpSource({ ...size, url }, tools),
      ({ frames }) => frames >= 3,
    );
    expect(seen).toMatchObject({ fault: null, refusals: [], fragments: 0 });
  });
});

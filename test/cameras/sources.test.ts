import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock as clock } from '../../server/base/clock.js';
import { findFfmpeg } from '../../server/cameras/find-ffmpeg.js';
import type { Source } from '../../server/cameras/source.js';
import { demoSource } from '../../server/cameras/sources/demo.js';
import { fileSource } from '../../server/cameras/sources/file.js';
import { httpSource } from '../../server/cameras/sources/http.js';
import { rtspSource } from '../../server/cameras/sources/rtsp.js';
import { webcamSource } from '../../server/cameras/sources/webcam.js';
import { toRgb } from '../../server/frames/to-rgb.js';
import { tryCamera } from '../../server/cameras/try-camera.js';
import { encodeClip, makeClip } from '../fixtures/clip.js';
import { HttpCamera } from '../fixtures/http-camera.js';
import { RtspCamera } from '../fixtures/rtsp-camera.js';
import { canSeeProcesses, ffmpegChildren, post, size } from './post.js';

const ffmpeg = await findFfmpeg({
  env: { PATH: process.env['PATH'], FFMPEG_PATH: process.env['GATEHOUSE_TEST_FFMPEG'] },
});
const bundled = await findFfmpeg({ env: {} });
const tools = { ffmpeg, clock };
const clip = makeClip(bundled.path, { codec: 'h264', width: 320, height: 180 });

/** Runs a source with real time, and gives what came of it. */
async function watch(source: Source, forMs: number) {
  const desk = post('watched', source);
  await desk.untilFrame(8000).catch(() => undefined);
  await pause(forMs);
  const rate = desk.rate(performance.now() - forMs, performance.now());
  const picture = desk.slot.take();
  await desk.stop();
  return { desk, rate, picture, faults: desk.told.flatMap(({ status }) => status.code ?? []) };
}

const trial = (source: Source, withinMs = 8000) => tryCamera(source, size, withinMs, clock);

afterAll(() => {
  if (canSeeProcesses) expect([...ffmpegChildren().values()]).toEqual([]);
});

describe('a file', () => {
  let path: string;
  beforeAll(() => {
    const raw = encodeClip(bundled.path, { codec: 'h264', width: 240, height: 180, seconds: 1 });
    path = join(mkdtempSync(join(tmpdir(), 'gatehouse-file-')), "it's a:clip.mp4");
    execFileSync(bundled.path, ['-loglevel', 'error', '-i', raw, '-c', 'copy', `file:${path}`]);
  });

  it('is looped at its own rate, its aspect ratio held', async () => {
    const { rate, faults, picture } = await watch(fileSource({ ...size, path }, tools), 4000);
    expect(faults).toEqual([]);
    expect(rate).toBeGreaterThan(4);
    expect(rate).toBeLessThan(6);
    // 4:3 in 16:9: 40 columns of black on either side, the picture between them.
    const at = (x: number) => {
      const rgb = new Uint8Array(3);
      toRgb(picture!, { x, y: 90, width: 1, height: 1 }, rgb);
      return [...rgb];
    };
    expect(at(20)).toEqual([0, 0, 0]);
    expect(at(300)).toEqual([0, 0, 0]);
    const middle = Array.from({ length: 200 }, (_, i) => at(60 + i).reduce((a, b) => a + b));
    expect(Math.max(...middle)).toBeGreaterThan(150);
  });

  it('is a demo when it is drawn first', async () => {
    expect(await trial(demoSource(size, () => Promise.resolve(path), tools))).toMatchObject({ ok: true });
    const failing = demoSource(size, () => Promise.reject(new Error('no disk')), tools);
    expect(await trial(failing)).toMatchObject({
      ok: false,
      code: 'CAMERA_FAILED',
      reason: 'The scene could not be drawn.',
    });
  });

  it('that is missing is said to be', async () => {
    const answer = await trial(fileSource({ ...size, path: '/nowhere/a.mp4' }, tools));
    expect(answer).toMatchObject({
      ok: false,
      code: 'CAMERA_NOT_FOUND',
      reason: '/nowhere/a.mp4 does not exist.',
    });
  });
});

describe.skipIf(process.platform !== 'linux')('a webcam (Linux only)', () => {
  it('that is not plugged in is said to be', async () => {
    const answer = await trial(webcamSource({ ...size, device: '/dev/video99' }, tools));
    expect(answer).toMatchObject({ ok: false, code: 'CAMERA_NOT_FOUND' });
  });
});

describe('an HTTP camera', () => {
  const login = { username: 'web', password: 'geh"eim' };
  let open: HttpCamera;
  let closed: HttpCamera;
  beforeAll(async () => {
    open = await new HttpCamera(bundled.path).open();
    closed = await new HttpCamera(bundled.path, login).open();
  });
  afterAll(async () => {
    await open.close();
    await closed.close();
  });

  it('sends MJPEG', async () => {
    const url = `http://127.0.0.1:${open.port}/video.mjpg`;
    const { rate, faults } = await watch(httpSource({ ...size, url }, tools), 4000);
    expect(faults).toEqual([]);
    expect(rate).toBeGreaterThan(3.5);
    expect(rate).toBeLessThan(6);
  });

  it('is found by its name', async () => {
    const url = `http://localhost:${open.port}/video.mjpg`;
    expect(await trial(httpSource({ ...size, url }, tools))).toMatchObject({ ok: true });
  });

  it('plays a playlist', async () => {
    const url = `http://127.0.0.1:${open.port}/live.m3u8`;
    expect(await trial(httpSource({ ...size, url }, tools))).toMatchObject({ ok: true });
  });

  it.each(['video.mjpg', 'live.m3u8'])(
    'asks for a digest login, and the password stays out of sight: %s',
    async (path) => {
      const url = `http://127.0.0.1:${closed.port}/${path}`;
      const desk = post('web', httpSource({ ...size, url, ...login }, tools));
      await desk.untilFrame(8000);
      const lines = canSeeProcesses ? [...ffmpegChildren().values()].join('\n') : '';
      await desk.stop();
      expect(closed.users).toContain('web');
      expect(lines).not.toContain('eim');
    },
  );

  it('refuses a wrong password', async () => {
    const url = `http://web:wrong@127.0.0.1:${closed.port}/video.mjpg`;
    const answer = await trial(httpSource({ ...size, url }, tools));
    expect(answer).toMatchObject({ ok: false, code: 'CAMERA_UNAUTHORISED' });
    expect(JSON.stringify(answer)).not.toContain('wrong');
  });

  it('has no such stream', async () => {
    const url = `http://127.0.0.1:${open.port}/other`;
    expect(await trial(httpSource({ ...size, url }, tools))).toMatchObject({
      ok: false,
      code: 'CAMERA_NOT_FOUND',
    });
  });
});

describe('an RTSP camera', () => {
  let camera: RtspCamera;
  beforeAll(async () => {
    camera = await new RtspCamera({ clip }).open();
  });
  afterAll(() => camera.close());
  const source = (url: string, transport: 'tcp' | 'udp' = 'tcp') =>
    rtspSource({ ...size, url, transport }, tools);

  it('is found by its name, which ffmpeg is not left to look up', async () => {
    const answer = await trial(source(camera.url.replace('127.0.0.1', 'localhost')));
    expect(answer).toMatchObject({ ok: true });
  });

  it('with a name that nobody knows is said to be', async () => {
    const answer = await trial(source('rtsp://no-such-host.invalid/stream'));
    expect(answer).toMatchObject({ ok: false, code: 'CAMERA_UNREACHABLE' });
    expect(answer).toHaveProperty('reason', 'The name of no-such-host.invalid:554 cannot be resolved.');
  });

  it('is told as not answering where the trial is over first', async () => {
    camera.mute(true);
    const answer = await trial(source(camera.url), 500);
    camera.mute(false);
    expect(answer).toMatchObject({ ok: false, code: 'CAMERA_NO_ANSWER', reason: 'No picture within 0.5 s.' });
  });

  it.each([0, 1, 5, 20, 80, 300])('is gone without a trace when it is stopped after %i ms', async (ms) => {
    const login = { username: 'a', password: 'b' };
    const desks = [
      post('plain', source(camera.url)),
      post('udp', source(camera.url, 'udp')),
      post('relayed', rtspSource({ ...size, url: camera.url, transport: 'tcp', ...login }, tools)),
    ];
    await pause(ms);
    await Promise.all(desks.map((desk) => desk.stop()));
    if (canSeeProcesses) expect([...ffmpegChildren().values()]).toEqual([]);
    const until = performance.now() + 2000;
    while (camera.viewers > 0 && performance.now() < until) await pause(10);
    expect(camera.viewers).toBe(0);
  });

  it('leaves no timer and no socket of ours behind', async () => {
    const kinds = () =>
      process
        .getActiveResourcesInfo()
        .filter((kind) => /TCP|Timeout|Process|Pipe/.test(kind))
        .sort();
    const before = kinds();
    const { faults } = await watch(source(camera.url), 300);
    expect(faults).toEqual([]);
    await pause(200);
    const after = kinds();
    // The camera of the test lives in this process too; what it holds for one viewer may close a little later.
    expect(after.length).toBeLessThanOrEqual(before.length);
  });
});

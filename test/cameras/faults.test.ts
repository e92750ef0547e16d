import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock as clock } from '../../server/base/clock.js';
import type { CameraStatus } from '../../server/cameras/camera.js';
import { findFfmpeg, type Ffmpeg } from '../../server/cameras/find-ffmpeg.js';
import { rtspSource, type RtspOptions } from '../../server/cameras/sources/rtsp.js';
import { fedRtspSource } from '../fixtures/fed-rtsp-source.js';
import { makeClip } from '../fixtures/clip.js';
import { RtspCamera, type RtspCameraOptions } from '../fixtures/rtsp-camera.js';
import { canSeeProcesses, ffmpegChildren, post, size, type Post } from './post.js';

/** The bounds, ms. */
const NOTICED_WITHIN = 5000;
const BACK_WITHIN = 3000;

const bundled = await findFfmpeg({ env: {} });
// A newer build, where there is one: the system's, or the one named here.
const newer = await findFfmpeg({
  env: { PATH: process.env['PATH'], FFMPEG_PATH: process.env['GATEHOUSE_TEST_FFMPEG'] },
}).catch(() => null);

const clips = {
  h264: makeClip(bundled.path, { codec: 'h264', width: 640, height: 360 }),
  small: makeClip(bundled.path, { codec: 'h264', width: 320, height: 240 }),
  h265: makeClip(bundled.path, { codec: 'h265', width: 640, height: 360 }),
  bFrames: makeClip(bundled.path, { codec: 'h264', width: 640, height: 360, bFrames: 2 }),
  slow: makeClip(bundled.path, { codec: 'h264', width: 640, height: 360, fps: 1, gop: 4, seconds: 12 }),
};

const live = ({ state }: CameraStatus) => state === 'live';
const lost = ({ state }: CameraStatus) => state !== 'live' && state !== 'starting';

/** @param open how the camera is run: decoded where it is received, or copied and fed to a decoder, as all are whose video can be copied */
const suite = (name: string, ffmpeg: Ffmpeg, open: typeof fedRtspSource) => {
  const table: Record<string, { noticedMs: number | string; backMs: number | string; said: string }> = {};
  let bystanderCamera: RtspCamera;
  let bystander: Post;

  beforeAll(async () => {
    bystanderCamera = await new RtspCamera({ clip: clips.h264 }).open();
    bystander = post(
      'bystander',
      open({ ...size, url: bystanderCamera.url, transport: 'tcp' }, { ffmpeg, clock }),
    );
    await bystander.until(live, 10_000);
  });

  afterAll(async () => {
    const faults = bystander.told.filter(({ status }) => lost(status));
    const from = bystander.frames[0];
    const rate = bystander.rate(from, performance.now());
    await bystander.stop();
    await bystanderCamera.close();
    console.log(
      `${name} (${ffmpeg.version}); the other camera ran at ${rate.toFixed(2)} of ${size.fps} frames a second`,
    );
    console.table(table);
    expect(faults).toEqual([]);
    expect(rate).toBeGreaterThan(size.fps * 0.9);
    expect(rate).toBeLessThan(size.fps * 1.1);
    if (canSeeProcesses) expect([...ffmpegChildren().values()]).toEqual([]);
  });

  /** A camera that is live, and its supervisor. */
  const start = async (
    options: Partial<RtspCameraOptions> = {},
    wish: Partial<RtspOptions> = {},
    state: (status: CameraStatus) => boolean = live,
  ) => {
    const camera = await new RtspCamera({ clip: clips.h264, ...options }).open();
    const source = open({ ...size, url: camera.url, transport: 'tcp', ...wish }, { ffmpeg, clock });
    const desk = post('tested', source);
    const stop = async () => {
      await desk.stop();
      await camera.close();
    };
    try {
      await desk.until(state, 12_000);
    } catch (error) {
      await stop();
      throw error;
    }
    return { camera, desk, stop };
  };

  /** Breaks a live camera, mends it, and holds both to the bounds. */
  const breakAndMend = async (
    title: string,
    { camera, desk, stop }: { camera: RtspCamera; desk: Post; stop: () => Promise<void> },
    fault: {
      break: (camera: RtspCamera) => unknown;
      mend: (camera: RtspCamera) => unknown;
      /** How long it stays broken once noticed, ms. */
      forMs?: number;
      code: string;
      state: string;
    },
  ) => {
    try {
      await pause(1500);
      const broken = performance.now();
      await fault.break(camera);
      const fits = ({ code, state }: CameraStatus) => code === fault.code && state === fault.state;
      const noticed = (await desk.until(fits, NOTICED_WITHIN + 3000, broken)) - broken;
      await pause(fault.forMs ?? 0);
      const mended = performance.now();
      await fault.mend(camera);
      const back = (await desk.untilFrame(BACK_WITHIN + 5000, mended)) - mended;
      await desk.until(live, 1000, mended);
      const said = desk.told.findLast(({ status }) => fits(status))!.status.reason!;
      table[title] = { noticedMs: Math.round(noticed), backMs: Math.round(back), said };
      expect(noticed).toBeLessThan(NOTICED_WITHIN);
      expect(back).toBeLessThan(BACK_WITHIN);
      if (canSeeProcesses) {
        const own = [...ffmpegChildren().values()].filter((line) => line.includes(camera.url));
        expect(own.length).toBeLessThanOrEqual(1);
      }
    } finally {
      await stop();
    }
  };

  it.concurrent.each(['fin', 'rst'] as const)('the camera drops the connection (%s)', async (how) => {
    // Where the camera is there at once, it is back at once.
    await breakAndMend(`drops the connection (${how})`, await start(), {
      break: (camera) => camera.drop(how),
      mend: () => undefined,
      code: 'CAMERA_DROPPED',
      state: 'reconnecting',
    });
  });

  it.concurrent('the camera drops the connection (with a password)', async () => {
    const login = { username: 'desk', password: 'right' };
    await breakAndMend('drops the connection (with a password)', await start(login, login), {
      break: (camera) => camera.drop('rst'),
      mend: () => undefined,
      code: 'CAMERA_DROPPED',
      state: 'reconnecting',
    });
  });

  it.concurrent('the pictures stop while the connection stands (with a password)', async () => {
    const login = { username: 'desk', password: 'right' };
    await breakAndMend('stalls for 3 s (with a password)', await start(login, login), {
      break: (camera) => camera.stall(true),
      mend: (camera) => camera.stall(false),
      forMs: 3000,
      code: 'CAMERA_STALLED',
      state: 'stalled',
    });
  });

  it.concurrent('the password is changed while the camera is watched', async () => {
    const login = { username: 'desk', password: 'right' };
    const { camera, desk, stop } = await start(login, login);
    const changed = performance.now();
    camera.changePassword('another');
    camera.drop('fin');
    const at = await desk
      .until(({ state, code }) => state === 'refused' && code === 'CAMERA_UNAUTHORISED', 8000, changed)
      .finally(stop);
    expect(at - changed).toBeLessThan(NOTICED_WITHIN);
  });

  it.concurrent('the camera is switched off and on', async () => {
    await breakAndMend('switched off for 4 s', await start(), {
      break: (camera) => camera.close(),
      mend: (camera) => camera.open(),
      forMs: 4000,
      code: 'CAMERA_UNREACHABLE',
      state: 'reconnecting',
    });
  });

  it.concurrent.each(['tcp', 'udp'] as const)(
    'the pictures stop while the connection stands (%s)',
    async (transport) => {
      await breakAndMend(`stalls for 3 s (${transport})`, await start({}, { transport }), {
        break: (camera) => camera.stall(true),
        mend: (camera) => camera.stall(false),
        forMs: 3000,
        code: 'CAMERA_STALLED',
        state: 'stalled',
      });
    },
  );

  it.concurrent('the camera accepts and never answers', async () => {
    await breakAndMend('accepts, never answers, for 6 s', await start(), {
      break: (camera) => {
        camera.mute(true);
        camera.drop('rst');
      },
      mend: (camera) => camera.mute(false),
      forMs: 6000,
      code: 'CAMERA_NO_ANSWER',
      state: 'reconnecting',
    });
  });

  it.concurrent('another codec in mid-stream', async () => {
    await breakAndMend('becomes H.265 in mid-stream', await start(), {
      break: (camera) => camera.swap(clips.h265),
      mend: () => undefined,
      code: 'CAMERA_STALLED',
      state: 'stalled',
    });
  });

  const hour = 3600;
  const near32Bits = 2 ** 32 - 3 * 90_000;
  /** What a camera can do that is no fault: title, what it is like, what it does after a while. */
  const oddities: [string, Partial<RtspCameraOptions>, Partial<RtspOptions>, (camera: RtspCamera) => void][] =
    [
      ['becomes smaller in mid-stream', {}, {}, (camera) => camera.swap(clips.small)],
      ['goes from 25 to 5 frames a second', {}, {}, (camera) => camera.changeRate(5)],
      ['its clock jumps forward by 5 s', {}, {}, (camera) => camera.jumpClock(5)],
      ['its clock jumps forward by an hour', {}, {}, (camera) => camera.jumpClock(hour)],
      ['its clock jumps back by an hour', {}, {}, (camera) => camera.jumpClock(-hour)],
      ['its clock wraps', { rtpTime: near32Bits }, {}, () => undefined],
      ['sends B-frames', { clip: clips.bFrames }, {}, () => undefined],
      [
        'sends B-frames and its clock jumps back',
        { clip: clips.bFrames },
        {},
        (camera) => camera.jumpClock(-60),
      ],
      ['one packet in 50 is lost (udp)', {}, { transport: 'udp' }, (camera) => camera.lose(0.02)],
      ['one packet in 5 is lost (udp)', {}, { transport: 'udp' }, (camera) => camera.lose(0.2)],
      [
        'H.265, one packet in 5 is lost (udp)',
        { clip: clips.h265 },
        { transport: 'udp' },
        (camera) => camera.lose(0.2),
      ],
    ];
  it.concurrent.each(oddities)('%s: no fault, and the frames go on', async (title, options, wish, act) => {
    const { camera, desk, stop } = await start(options, wish);
    await pause(1500);
    const changed = performance.now();
    act(camera);
    await pause(5000);
    const over = performance.now();
    const rate = desk.rate(changed + 1000, over);
    const times = [changed, ...desk.frames.filter((at) => at >= changed), over];
    const gap = Math.max(...times.slice(1).map((at, i) => at - times[i]));
    const faults = desk.told.filter(({ status }) => lost(status));
    await stop();
    table[title] = {
      noticedMs: '-',
      backMs: 'no break',
      said: `${rate.toFixed(1)} fps after, longest gap ${Math.round(gap)} ms`,
    };
    expect(faults).toEqual([]);
    // Of five packets four come: that many of the pictures and no more can be whole.
    expect(rate).toBeGreaterThan(size.fps * (title.includes('one packet in 5 ') ? 0.6 : 0.8));
    expect(rate).toBeLessThan(size.fps * 1.2);
    expect(gap).toBeLessThan(1500);
  });

  it.concurrent('a camera that becomes slow is not taken for a stalled one', async () => {
    const { camera, desk, stop } = await start();
    await pause(1000);
    camera.changeRate(1);
    await pause(6000);
    const faults = desk.told.filter(({ status }) => lost(status));
    await stop();
    expect(faults).toEqual([]);
  });

  it.concurrent('one frame a second and a key frame every four', async () => {
    const { desk, stop } = await start({ clip: clips.slow });
    await pause(7000);
    const faults = desk.told.filter(({ status }) => lost(status));
    await stop();
    expect(faults).toEqual([]);
  });

  it.concurrent.each(['h264', 'h265'] as const)(
    'the format is not described and the stream is joined in the middle (%s)',
    async (codec) => {
      const before = performance.now();
      const { desk, stop } = await start({
        clip: clips[codec],
        describesFormat: false,
        startsAtKey: false,
      });
      const first = desk.frames[0] - before;
      const faults = desk.told.filter(({ status }) => lost(status));
      await stop();
      table[`describes no format, ${codec} (start)`] = {
        noticedMs: '-',
        backMs: Math.round(first),
        said: '',
      };
      expect(faults).toEqual([]);
      expect(first).toBeLessThan(5000);
    },
  );

  it.concurrent('H.265', async () => {
    const { desk, stop } = await start({ clip: clips.h265 });
    await pause(2000);
    const rate = desk.rate(performance.now() - 1500, performance.now());
    await stop();
    expect(rate).toBeGreaterThan(3);
  });

  it.concurrent.each(['tcp', 'udp'] as const)(
    'a password stays out of sight and works (%s)',
    async (transport) => {
      const password = 'p@ss:w/rd';
      const { desk, stop } = await start(
        { username: 'desk', password },
        { transport, username: 'desk', password },
      );
      const lines = canSeeProcesses ? [...ffmpegChildren().values()].join('\n') : '';
      const count = desk.frames.length;
      await desk.untilFrame(2000, performance.now());
      await stop();
      expect(count).toBeGreaterThan(0);
      expect(lines).not.toContain('ss:w');
      expect(lines).not.toContain('desk');
    },
  );

  it.concurrent('a wrong password is refused in words and not tried again soon', async () => {
    const before = performance.now();
    const { camera, desk, stop } = await start(
      { username: 'desk', password: 'right' },
      { username: 'desk', password: 'wrong-one' },
      lost,
    );
    const { at, status } = desk.told.find(({ status }) => lost(status))!;
    const asked = camera.requests.length;
    await pause(4000);
    const askedLater = camera.requests.length;
    await stop();
    table['wrong password'] = {
      noticedMs: Math.round(at - before),
      backMs: 'in a minute',
      said: status.reason!,
    };
    expect(status).toMatchObject({ state: 'refused', code: 'CAMERA_UNAUTHORISED' });
    expect(status.reason).not.toContain('wrong-one');
    expect(at - before).toBeLessThan(NOTICED_WITHIN);
    expect(askedLater).toBe(asked);
  });

  it.concurrent.each([
    [
      'asks for a password, none configured',
      { username: 'a', password: 'b' },
      '/stream',
      'CAMERA_UNAUTHORISED',
    ],
    ['no such stream', {}, '/other', 'CAMERA_NOT_FOUND'],
    ['sound only', { soundOnly: true }, '/stream', 'CAMERA_NO_VIDEO'],
  ])('%s', async (title, options, path, code) => {
    const camera = await new RtspCamera({ clip: clips.h264, ...options }).open();
    const url = camera.url.replace('/stream', path);
    const before = performance.now();
    const desk = post('tested', open({ ...size, url, transport: 'tcp' }, { ffmpeg, clock }));
    const at = await desk.until(lost, NOTICED_WITHIN + 3000).finally(async () => {
      await desk.stop();
      await camera.close();
    });
    const { status } = desk.told.find(({ status }) => lost(status))!;
    table[title] = { noticedMs: Math.round(at - before), backMs: 'in a minute', said: status.reason! };
    expect(status).toMatchObject({ state: 'refused', code });
    expect(at - before).toBeLessThan(NOTICED_WITHIN);
  });
};

describe('camera faults, bundled ffmpeg', () => suite('bundled', bundled, fedRtspSource));

describe('camera faults of what is decoded where it is received, bundled ffmpeg', () =>
  suite('bundled, directly', bundled, rtspSource));

describe.skipIf(newer?.dialect !== 'new')(
  'camera faults, ffmpeg 5 or newer (skipped where neither the system nor GATEHOUSE_TEST_FFMPEG has one)',
  () => suite('newer', newer!, fedRtspSource),
);

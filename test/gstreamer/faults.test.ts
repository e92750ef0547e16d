import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasGstreamer } from '../../scripts/install-gstreamer.mjs';
import { systemClock as clock } from '../../server/base/clock.js';
import type { CameraStatus } from '../../server/cameras/camera.js';
import { findFfmpeg } from '../../server/cameras/find-ffmpeg.js';
import type { RtspOptions } from '../../server/cameras/sources/rtsp.js';
import { fedRtspSource } from '../fixtures/fed-rtsp-source.js';
import { canSeeProcesses, ffmpegChildren, post, size, type Post } from '../cameras/post.js';
import { GstreamerCamera } from './gstreamer-camera.js';

/** The bounds, ms; the second counts from when the camera is back, which GStreamer takes a moment for itself. */
const NOTICED_WITHIN = 5000;
const BACK_WITHIN = 3000;

const ffmpeg = await findFfmpeg();
const live = ({ state }: CameraStatus) => state === 'live';
const lost = ({ state }: CameraStatus) => state !== 'live' && state !== 'starting';

describe.skipIf(!hasGstreamer())(
  "camera faults, GStreamer's RTSP server (skipped where it is not installed: scripts/install-gstreamer.mjs)",
  () => {
    const table: Record<string, { noticedMs: number | string; backMs: number | string; said: string }> = {};
    let bystanderCamera: GstreamerCamera;
    let bystander: Post;

    const watch = (camera: GstreamerCamera, path: 'h264' | 'h265' | 'bframes', wish: Partial<RtspOptions>) =>
      post(
        path,
        fedRtspSource({ ...size, url: camera.url(path), transport: 'tcp', ...wish }, { ffmpeg, clock }),
      );

    beforeAll(async () => {
      bystanderCamera = await new GstreamerCamera().start();
      bystander = watch(bystanderCamera, 'h264', {});
      await bystander.until(live, 15_000);
    });

    afterAll(async () => {
      const faults = bystander.told.filter(({ status }) => lost(status));
      const rate = bystander.rate(bystander.frames[0], performance.now());
      await bystander.stop();
      await bystanderCamera.kill();
      console.log(
        `${ffmpeg.version}; the other camera ran at ${rate.toFixed(2)} of ${size.fps} frames a second`,
      );
      console.table(table);
      expect(faults).toEqual([]);
      expect(rate).toBeGreaterThan(size.fps * 0.9);
      if (canSeeProcesses) expect(ffmpegChildren().size).toBe(0);
    });

    /** A live camera and its supervisor, for as long as `use` takes. */
    const withCamera = async (
      path: 'h264' | 'h265' | 'bframes',
      use: (camera: GstreamerCamera, desk: Post) => Promise<void>,
      wish: Partial<RtspOptions> = {},
      ...login: [] | [string, string]
    ) => {
      const camera = await new GstreamerCamera(...login).start();
      const desk = watch(camera, path, wish);
      try {
        await use(camera, desk);
      } finally {
        await desk.stop();
        await camera.kill();
      }
    };

    const breakAndMend = (
      title: string,
      fault: {
        wish?: Partial<RtspOptions>;
        break: (camera: GstreamerCamera) => unknown;
        mend: (camera: GstreamerCamera) => unknown;
        forMs: number;
        codes: string[];
      },
    ) =>
      withCamera(
        'h264',
        async (camera, desk) => {
          await desk.until(live, 15_000);
          await pause(1500);
          const broken = performance.now();
          await fault.break(camera);
          const noticed = (await desk.until(lost, NOTICED_WITHIN + 3000, broken)) - broken;
          await pause(fault.forMs);
          const { code } = desk.told.at(-1)!.status;
          await fault.mend(camera);
          const mended = performance.now();
          const back = (await desk.untilFrame(BACK_WITHIN + 8000, mended)) - mended;
          await desk.until(live, 1000, mended);
          const said = desk.told.find(({ at, status }) => at >= broken && lost(status))!.status.reason!;
          table[title] = { noticedMs: Math.round(noticed), backMs: Math.round(back), said };
          expect(fault.codes).toContain(code);
          expect(noticed).toBeLessThan(NOTICED_WITHIN);
          expect(back).toBeLessThan(BACK_WITHIN);
        },
        fault.wish,
      );

    it('is killed and started again', () =>
      breakAndMend('killed (kill -9), started again 4 s later', {
        break: (camera) => camera.kill(),
        mend: (camera) => camera.start(),
        forMs: 4000,
        codes: ['CAMERA_UNREACHABLE'],
      }));

    it('drops every viewer', () =>
      breakAndMend('drops the connection', {
        break: (camera) => camera.tell('drop'),
        mend: () => undefined,
        forMs: 0,
        codes: ['CAMERA_DROPPED'],
      }));

    it.each(['tcp', 'udp'] as const)('stands still as a whole (SIGSTOP, %s)', (transport) =>
      breakAndMend(`stands still for 6 s (SIGSTOP, ${transport})`, {
        wish: { transport },
        break: (camera) => camera.signal('SIGSTOP'),
        mend: (camera) => camera.signal('SIGCONT'),
        forMs: 6000,
        codes: ['CAMERA_STALLED', 'CAMERA_NO_ANSWER'],
      }),
    );

    it.each(['tcp', 'udp'] as const)('sends no packet any more (%s)', (transport) =>
      breakAndMend(`sends nothing for 3 s (${transport})`, {
        wish: { transport },
        break: (camera) => camera.tell('lose 1'),
        mend: (camera) => camera.tell('lose 0'),
        forMs: 3000,
        codes: ['CAMERA_STALLED'],
      }),
    );

    it.each([
      ['H.264', 'h264', {}, null],
      ['H.265', 'h265', {}, null],
      ['B-frames', 'bframes', {}, null],
      ['H.264 (udp)', 'h264', { transport: 'udp' }, null],
      ['becomes smaller in mid-stream', 'h264', {}, 'size 160 90'],
      ['becomes larger in mid-stream (H.265)', 'h265', {}, 'size 480 270'],
      ['one packet in 20 is lost (udp)', 'h264', { transport: 'udp' }, 'lose 0.05'],
      ['one packet in 20 is lost (udp, H.265)', 'h265', { transport: 'udp' }, 'lose 0.05'],
    ] as const)('%s: no fault', (title, path, wish, command) =>
      withCamera(
        path,
        async (camera, desk) => {
          const began = performance.now();
          const first = (await desk.untilFrame(15_000)) - began;
          await pause(1000);
          const changed = performance.now();
          if (command) await camera.tell(command);
          await pause(4000);
          const rate = desk.rate(changed + 1000, performance.now());
          table[title] = {
            noticedMs: '-',
            backMs: 'no break',
            said: `${rate.toFixed(1)} fps after; first frame ${Math.round(first)} ms`,
          };
          expect(desk.told.filter(({ status }) => lost(status))).toEqual([]);
          expect(rate).toBeGreaterThan(size.fps * 0.8);
          expect(rate).toBeLessThan(size.fps * 1.2);
        },
        wish,
      ),
    );

    it('asks for a password: the right one works, a wrong one is refused in words', async () => {
      const login = ['desk', 'p@ss:w/rd'] as const;
      await withCamera(
        'h264',
        async (camera, desk) => {
          await desk.untilFrame(15_000);
          const before = performance.now();
          const wrong = watch(camera, 'h264', { username: 'desk', password: 'wrong-one' });
          const at = await wrong.until(lost, NOTICED_WITHIN + 3000).finally(() => wrong.stop());
          const { status } = wrong.told.find(({ status }) => lost(status))!;
          table['wrong password'] = {
            noticedMs: Math.round(at - before),
            backMs: 'in a minute',
            said: status.reason!,
          };
          expect(status).toMatchObject({ state: 'refused', code: 'CAMERA_UNAUTHORISED' });
          expect(status.reason).not.toContain('wrong-one');
          expect(at - before).toBeLessThan(NOTICED_WITHIN);
        },
        { username: login[0], password: login[1] },
        ...login,
      );
    });
  },
);

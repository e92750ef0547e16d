import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock as clock } from '../../../server/base/clock.js';
import { DecodingLoad } from '../../../server/cameras/attention/decoding-load.js';
import { attentiveSource } from '../../../server/cameras/attention/attentive-source.js';
import { findFfmpeg, type Ffmpeg } from '../../../server/cameras/find-ffmpeg.js';
import { rtspSource } from '../../../server/cameras/sources/rtsp.js';
import { watchNotableMotion } from '../../../server/frames/notable-motion.js';
import type { WalkWish } from '../../fixtures/walk-clip.js';
import { RtspCamera } from '../../fixtures/rtsp-camera.js';
import { canSeeProcesses, ffmpegChildren } from '../post.js';
import { bundled, draw, size, until, watched } from './watched.js';

const QUIET_MS = 1200;

// A newer build, where there is one: the system's, or the one named here.
const newer = await findFfmpeg({
  env: { PATH: process.env['PATH'], FFMPEG_PATH: process.env['GATEHOUSE_TEST_FFMPEG'] },
}).catch(() => null);

const suite = (name: string, ffmpeg: Ffmpeg) => {
  // What other tests leave of the machine is not what is tested here.
  const tools = { ffmpeg, clock, decoding: 'complete' } as const;

  /** A camera with a clip, watched attentively. */
  const start = async (wish: Omit<WalkWish, 'width' | 'height'>) => {
    const { clip, numbers } = draw(wish);
    const device = await new RtspCamera({ clip }).open();
    const options = { ...size, url: device.url, transport: 'tcp' } as const;
    const load = new DecodingLoad();
    const source = attentiveSource(
      { ...size, quietMs: QUIET_MS, watchMotion: () => watchNotableMotion(), load },
      { copied: rtspSource({ ...options, pictures: 'none' }, tools), all: rtspSource(options, tools) },
      tools,
    );
    const door = watched(source);
    const { attention } = source;
    return {
      numbers,
      device,
      door,
      attention,
      load,
      /** Quiet, with at least two pictures seen: it is quiet before it is connected, too. */
      quiet: (withinMs = 8000) =>
        until('quiet', () => attention.state === 'quiet' && door.frames.length > 1, withinMs),
      awake: (withinMs = 8000) => until('awake', () => attention.state === 'awake', withinMs),
      stop: async () => {
        await door.stop();
        await device.close();
      },
    };
  };
  type Started = Awaited<ReturnType<typeof start>>;

  /** Runs a test with a camera, which is stopped whatever comes. */
  const withCamera =
    (wish: Omit<WalkWish, 'width' | 'height'>, run: (camera: Started) => Promise<void>) => async () => {
      const camera = await start(wish);
      try {
        await run(camera);
      } finally {
        await camera.stop();
      }
      expect(camera.attention.state).toBeNull();
    };
  const decoders = () => [...ffmpegChildren()].filter(([, line]) => line.includes('-i pipe:0'));

  describe(`attention, ${name}`, { timeout: 40_000 }, () => {
    it.each([
      { by: 'size', noise: 2, gop: 25, codec: 'h264', bFrames: 0 },
      { by: 'motion', noise: 6, gop: 25, codec: 'h264', bFrames: 0 },
      { by: 'size', noise: 2, gop: 100, codec: 'h264', bFrames: 0 },
      { by: 'size', noise: 6, gop: 25, codec: 'h265', bFrames: 0 },
      { by: 'size', noise: 2, gop: 25, codec: 'h264', bFrames: 2 },
      { by: 'motion', noise: 6, gop: 25, codec: 'h264', bFrames: 0, of: 2 },
    ] as const)(
      'misses no picture of who walks in: noticed by $by, $codec, a key picture every $gop, $bFrames before their turn, one of $of looked at',
      async (wish) => {
        const { by, noise, gop, codec, bFrames } = wish;
        const { of = 1 } = wish as { of?: number };
        const from = gop > 25 ? 13.4 : 8.4;
        const walk = { from, to: from + 2 };
        await withCamera(
          { seconds: from + 7, gop, noise, codec, bFrames, walk },
          async ({ numbers, door, attention, load, quiet, awake }) => {
            // Another camera is behind, now and for as long as this takes.
            if (of > 1) load.fellBehind(clock.monotonic() + 60_000);
            const quietAt = await quiet(from * 1000);
            const wokeAt = await awake(from * 1000);
            const before = door.frames.filter(({ at }) => at > quietAt + 200 && at < wokeAt - 50);
            await until(
              'all of the walk',
              () => numbers!.get(door.frames.at(-1)!.hash)! > walk.to * 25 + 5,
              8000,
            );
            const seen = door.frames.map(({ hash }) => numbers!.get(hash) ?? -1);
            // What ffmpeg says may be heard after its first frame: of the key pictures, and of the decoder.
            const matrix = codec === 'h264' ? 'bt709' : 'bt601';
            const others = door.frames.filter((frame) => frame.matrix !== matrix);
            expect(others.length).toBeLessThanOrEqual(2);

            expect(attention.wakes).toMatchObject({
              start: gop > 25 ? 1 : 0,
              [by]: 1,
              person: 0,
              keyframe: 0,
            });
            // While nothing happened, the key pictures alone; and then every picture of the walk, each once and in order.
            expect(before.map(({ hash }) => numbers!.get(hash)! % gop)).toEqual(before.map(() => 0));
            const apart = before
              .slice(1)
              .map(({ hash }, i) => numbers!.get(hash)! - numbers!.get(before[i].hash)!);
            expect(apart).toEqual(apart.map(() => gop * of));
            // A decoder that waits for more than the key picture is given it.
            const late = before.map(
              ({ at, hash }) => door.video.filter((each) => each.at <= at).length - numbers!.get(hash)!,
            );
            expect(Math.max(...late)).toBeLessThan(15);
            const first = Math.round(from * 25) + 1;
            const last = Math.round(walk.to * 25);
            const ofWalk = seen.filter((number) => number >= first && number <= last);
            expect(ofWalk).toEqual(
              Array.from({ length: last - first + 1 }, (_, i) => numbers!.of(first + i)),
            );
            // None is older by its own account than the one before.
            const arrivals = door.frames.map(({ arrivedAt }) => arrivedAt);
            expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
            // Whoever looks for motion in it next need not look at its pixels.
            expect(door.frames.filter(({ isGridded }) => !isGridded)).toEqual([]);
            // The video that is copied knows nothing of all this.
            const times = door.video.slice(1 + 2 * bFrames).map(({ fragment }) => fragment.decodeTimeMs);
            const steps = times.slice(1).map((time, i) => time - times[i]);
            expect(steps.filter((ms) => ms < 30 || ms > 50)).toEqual([]);

            await quiet();
            expect(decoders()).toHaveLength(1);
            const shown = door.frames.find(({ hash }) => numbers!.get(hash)! >= first)!;
            console.log(
              `${name}, ${by}, ${codec}, a key picture every ${gop}: the walk's first frame came ${Math.round(shown.at - shown.arrivedAt)} ms late; ` +
                `frames again ${Math.round(door.frames.find(({ at }) => at >= wokeAt)!.at - wokeAt)} ms after it woke`,
            );
          },
        )();
      },
    );

    it(
      'begins with its key pictures alone, and with every picture since the first where somebody is followed in it',
      withCamera({ seconds: 8 }, async ({ door, attention }) => {
        await until('the first', () => door.frames.length === 1, 8000);
        expect(attention.state).toBe('quiet');
        attention.attend();
        await until('decoded', () => door.frames.length > 10, 5000);
        expect(attention.wakes).toMatchObject({ start: 0, person: 1 });
        // The first was a key picture; nothing between it and the second was left out.
        const arrived = door.video.map(({ at }) => at);
        const [first, second] = door.frames.map(({ arrivedAt }) => arrivedAt);
        const between = arrived.filter((at) => at > first + 2 && at < second - 2);
        expect(between.length).toBeLessThanOrEqual(1);
      }),
    );

    it(
      'is awake from the start where no second key picture comes, and misses nothing since the first',
      withCamera(
        // One group of pictures that comes again and again: whoever connects begins with its first picture.
        { seconds: 4, gop: 100, walk: { from: 1, to: 3 } },
        async ({ numbers, door, attention, awake }) => {
          await awake();
          await until('all of the walk', () => numbers!.get(door.frames.at(-1)?.hash ?? '')! > 80, 8000);
          const seen = door.frames.map(({ hash }) => numbers!.get(hash)!);
          const ofWalk = seen.filter((number) => number > 25 && number <= 75);
          expect(ofWalk).toEqual(Array.from({ length: 50 }, (_, i) => numbers!.of(26 + i)));
          expect(attention.wakes.start + attention.wakes.size).toBe(1);
        },
      ),
    );

    it(
      'wakes for somebody who is followed, stays awake as long, and then rests',
      withCamera({ seconds: 8 }, async ({ door, attention, quiet, awake }) => {
        await quiet();
        attention.attend();
        expect(attention.state).toBe('awake');
        // For so long that a quiet camera would have to have shown a key picture.
        for (let n = 0; n < 105; n += 1) {
          attention.attend();
          await pause(100);
        }
        expect(attention.state).toBe('awake');
        const rate = door.since(performance.now() - 1000).length;
        expect(rate).toBeGreaterThan(15);
        await quiet();
        await expect(awake(1500)).rejects.toThrow();
        expect(attention.wakes).toEqual({ start: 0, motion: 0, size: 0, person: 1, keyframe: 0 });
      }),
    );

    it.each(['quiet', 'awake'] as const)(
      'is connected anew when the camera is lost while %s',
      async (state) => {
        await withCamera({ seconds: 8 }, async ({ device, door, attention, quiet }) => {
          await quiet();
          if (state === 'awake') {
            const attended = performance.now();
            attention.attend();
            await until('decoded', () => door.since(attended).length > 3, 5000);
          }
          expect(attention.state).toBe(state);
          device.drop('rst');
          await until('lost', () => door.told.at(-1)!.state === 'reconnecting', 3000);
          expect(attention.state).toBeNull();
          expect(decoders()).toEqual([]);
          const lostAt = performance.now();
          await until('live', () => door.told.at(-1)!.state === 'live', 8000);
          await until('key pictures', () => door.since(lostAt).length > 2, 5000);
          expect(attention.state).toBe('quiet');
          expect(attention.wakes.start).toBe(0);
        })();
      },
    );

    it(
      'notices within its usual time that a quiet camera sends nothing, though its key pictures are four seconds apart',
      withCamera({ seconds: 8, gop: 100 }, async ({ device, door, quiet }) => {
        await quiet(15_000);
        await pause(500);
        device.stall(true);
        const since = performance.now();
        await until('stalled', () => door.told.some(({ code }) => code === 'CAMERA_STALLED'), 6000);
        expect(performance.now() - since).toBeLessThan(3500);
        device.stall(false);
        await until('live', () => door.told.at(-1)!.state === 'live', 15_000);
      }),
    );

    it.skipIf(!canSeeProcesses).each([25, 100])(
      'goes on with another decoder where one dies, with a key picture every %i',
      async (gop) => {
        await withCamera({ seconds: 8, gop }, async ({ door, attention, quiet }) => {
          await quiet(15_000);
          const attended = performance.now();
          attention.attend();
          await until('decoded', () => door.since(attended).length > 3, 5000);
          const [[pid]] = decoders();
          process.kill(pid, 'SIGKILL');
          const since = performance.now();
          await until('another', () => decoders().some(([other]) => other !== pid), 3000);
          attention.attend();
          await until('decoded again', () => door.since(since + 50).length > 10, 5000);
          // It does not wait for the next key picture: what is held leads up to what comes.
          const keys = door.video.filter(({ at, fragment }) => at > since && fragment.keyframe);
          if (gop > 25) expect(keys).toEqual([]);
          expect(door.told.filter(({ code }) => code !== null)).toEqual([]);
          expect(attention.never).toBeNull();
        })();
      },
    );

    it(
      'leaves alone a camera whose every picture is a key picture',
      withCamera({ seconds: 12, gop: 1 }, async ({ door, attention }) => {
        await until('known', () => attention.never !== null, 8000);
        expect(attention.never).toBe('most of its pictures are key pictures');
        await pause(1500);
        const since = performance.now();
        await pause(1000);
        expect(door.since(since).length).toBeGreaterThan(15);
        expect(door.told.filter(({ code }) => code !== null)).toEqual([]);
      }),
    );
  });
};

suite('the bundled ffmpeg', bundled);
if (newer && newer.path !== bundled.path) suite('a newer ffmpeg', newer);

afterAll(() => {
  if (canSeeProcesses) expect([...ffmpegChildren().values()]).toEqual([]);
});

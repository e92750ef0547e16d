import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { findFfmpeg } from '../../../server/cameras/find-ffmpeg.js';
import { readFragments } from '../../../server/cameras/video/read-fragments.js';
import { readInit } from '../../../server/cameras/video/read-init.js';
import { readMoof } from '../../../server/cameras/video/read-moof.js';
import type { VideoFragment, VideoInit } from '../../../server/frames/video.js';
import { encodeClip } from '../../fixtures/clip.js';
import { fakeClock } from '../../fixtures/fake-clock.js';

const ffmpeg = await findFfmpeg({
  env: { PATH: process.env['PATH'], FFMPEG_PATH: process.env['GATEHOUSE_TEST_FFMPEG'] },
});
const bundled = await findFfmpeg({ env: {} });

/** What ffmpeg copies of a clip, or makes of it with other options. */
function copied(clip: string, how: readonly string[] = ['-c', 'copy']): Buffer {
  const flags = '+frag_every_frame+empty_moov+default_base_moof';
  const output = ['-map', '0:v:0', ...how, '-f', 'mp4', '-movflags', flags, 'pipe:1'];
  return execFileSync(ffmpeg.path, ['-loglevel', 'error', '-r', '25', '-i', clip, ...output], {
    maxBuffer: 64 << 20,
  });
}

/** @param apartMs how far apart its pictures come */
function read(bytes: Buffer, chunk = bytes.length, apartMs = 0) {
  const clock = fakeClock();
  const inits: VideoInit[] = [];
  const fragments: VideoFragment[] = [];
  const take = readFragments(
    {
      start: (init) => inits.push(init),
      fragment: (fragment) => {
        fragments.push(fragment);
        clock.advance(apartMs);
      },
      end: () => undefined,
    },
    clock,
  );
  for (let at = 0; at < bytes.length; at += chunk) take(bytes.subarray(at, at + chunk));
  return { inits, fragments };
}

describe('H.264 as ffmpeg copies it', () => {
  let video: Buffer;
  beforeAll(() => {
    video = copied(encodeClip(bundled.path, { codec: 'h264', width: 320, height: 180, seconds: 2 }));
  });

  it('is told by its codec and its size', () => {
    const [init] = read(video).inits;
    // Constrained baseline, level 1.2, as -preset ultrafast makes it of 320x180 at 25 pictures a second.
    expect(init).toMatchObject({ codec: 'avc1.42c00c', width: 320, height: 180 });
    expect(Buffer.from(init.bytes).toString('latin1', 4, 8)).toBe('ftyp');
  });

  it('comes picture by picture, with its times and its key pictures', () => {
    const { fragments } = read(video);
    expect(fragments).toHaveLength(50);
    expect(fragments.flatMap(({ keyframe }, at) => (keyframe ? [at] : []))).toEqual([0, 25]);
    fragments.forEach(({ decodeTimeMs, durationMs, compositionMs }, at) => {
      expect(decodeTimeMs).toBeCloseTo(at * 40, 6);
      expect(durationMs).toBeCloseTo(40, 6);
      expect(compositionMs).toBe(0);
    });
    // The pictures are what the file consists of beside its heads.
    const pictures = fragments.reduce((sum, { sampleBytes }) => sum + sampleBytes, 0);
    expect(pictures).toBeGreaterThan(video.length * 0.8);
  });

  it.each([1, 7, 1000, 65_536])('is the same in chunks of %i bytes', (chunk) => {
    expect(read(video, chunk)).toEqual(read(video));
  });

  it('can be decoded again from a later key picture on', () => {
    const { inits, fragments } = read(video);
    const tail = Buffer.concat([inits[0].bytes, ...fragments.slice(25).map(({ bytes }) => bytes)]);
    const size = ['-pix_fmt', 'gray', '-f', 'rawvideo', 'pipe:1'];
    const pictures = execFileSync(ffmpeg.path, ['-loglevel', 'error', '-f', 'mp4', '-i', 'pipe:0', ...size], {
      input: tail,
      maxBuffer: 64 << 20,
    });
    expect(pictures.length).toBe(25 * 320 * 180);
  });

  it('has its times mended where they jump, in its bytes as well, and each picture lasts until the next', () => {
    const { inits, fragments } = read(video);
    const { timescale } = readInit(Buffer.from(inits[0].bytes));
    const jumping = fragments.map(({ bytes, decodeTimeMs }, at) => {
      const own = Buffer.from(bytes);
      const hours = at < 20 ? 0 : at < 35 ? 1 : 2;
      const decodeTime = Math.round(((decodeTimeMs + hours * 3_600_000) * timescale) / 1000);
      const duration = Math.round(((at === 19 || at === 34 ? 3_600_040 : 40) * timescale) / 1000);
      const times = { decodeTime, duration, compositionOffset: 0 };
      readMoof(own.subarray(0, own.indexOf('mdat') - 4)).restamp(times);
      return own;
    });
    const mended = read(Buffer.concat([inits[0].bytes, ...jumping]), 1000, 40).fragments;
    expect(mended).toEqual(fragments);
    expect(mended.every(({ bytes }, at) => Buffer.from(fragments[at].bytes).equals(bytes))).toBe(true);
    expect(jumping.filter((bytes, at) => !bytes.equals(fragments[at].bytes))).toHaveLength(31);
  });

  it('is refused where it breaks off and goes on with something else', () => {
    const broken = Buffer.concat([video.subarray(0, video.length >> 1), Buffer.alloc(1 << 16)]);
    expect(() => read(broken)).toThrow(expect.objectContaining({ code: 'VIDEO_UNUSABLE' }));
  });

  it('is refused without its head', () => {
    const { fragments } = read(video);
    expect(() => read(Buffer.from(fragments[0].bytes))).toThrow(/moof comes where its ftyp should/);
  });

  it('is refused where a box claims more than any picture has', () => {
    const { inits, fragments } = read(video);
    const greedy = Buffer.from(fragments[0].bytes);
    greedy.writeUInt32BE(0x7fff_ffff, greedy.indexOf('mdat') - 4);
    expect(() => read(Buffer.concat([inits[0].bytes, greedy]))).toThrow(/mdat has 2147483647 bytes/);
  });

  it('throws nothing but a VIDEO_UNUSABLE, whatever the bytes', () => {
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    let refused = 0;
    for (let trial = 0; trial < 300; trial += 1) {
      // The heads, where a wrong byte means most.
      const mangled = Buffer.from(video.subarray(0, 2000 + random(20_000)));
      for (let times = 0; times < 4; times += 1) mangled[random(1000)] = random(256);
      try {
        read(mangled, 1 + random(5000));
      } catch (error) {
        refused += 1;
        expect(error).toMatchObject({ code: 'VIDEO_UNUSABLE' });
      }
    }
    expect(refused).toBeGreaterThan(100);
  });
});

describe('other video', () => {
  it('H.265 is told by its codec', () => {
    const video = copied(encodeClip(bundled.path, { codec: 'h265', width: 320, height: 180, seconds: 1 }));
    const { inits, fragments } = read(video);
    expect(inits[0]).toMatchObject({ codec: 'hev1.1.6.L60.90', width: 320, height: 180 });
    expect(fragments).toHaveLength(25);
    expect(fragments[0].keyframe).toBe(true);
  });

  it('of another codec is refused with its name', () => {
    const clip = encodeClip(bundled.path, { codec: 'h264', width: 320, height: 180, seconds: 1 });
    const video = copied(clip, ['-c:v', 'mpeg4']);
    expect(() => read(video)).toThrow(/neither H.264 nor H.265, but "mp4v"/);
  });
});

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { findFfmpeg } from '../../../server/cameras/find-ffmpeg.js';
import { readFragments } from '../../../server/cameras/video/read-fragments.js';
import { matroskaHead, matroskaPicture } from '../../../server/cameras/video/write-matroska.js';
import type { VideoFragment, VideoInit } from '../../../server/frames/video.js';
import { fakeClock } from '../../fixtures/fake-clock.js';

const { path: ffmpeg } = await findFfmpeg({ env: {} });
const FLAGS = '+frag_every_frame+empty_moov+default_base_moof';
const run = (args: readonly string[], input?: Buffer) =>
  execFileSync(ffmpeg, ['-loglevel', 'error', ...args], { input, maxBuffer: 1 << 28 });

/** A video as it is copied from a camera. */
function copied(how: readonly string[]): { mp4: Buffer; init: VideoInit; fragments: VideoFragment[] } {
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25', '-t', '3', '-pix_fmt', 'yuv420p'];
  const mp4 = run([...source, ...how, '-f', 'mp4', '-movflags', FLAGS, 'pipe:1']);
  let init: VideoInit | null = null;
  const fragments: VideoFragment[] = [];
  const sink = {
    start: (head: VideoInit) => (init = head),
    fragment: (fragment: VideoFragment) => fragments.push(fragment),
    end: () => undefined,
  };
  // All of it comes at once.
  readFragments(sink, fakeClock())(mp4);
  return { mp4, init: init!, fragments };
}

const asMatroska = (init: VideoInit, fragments: readonly VideoFragment[]) =>
  Buffer.concat([
    matroskaHead(init),
    ...fragments.flatMap(({ bytes, sampleBytes, keyframe, decodeTimeMs, compositionMs }) => [
      matroskaPicture(Math.round((decodeTimeMs + compositionMs) * 100), keyframe, sampleBytes),
      bytes.subarray(bytes.length - sampleBytes),
    ]),
  ]);

describe('video that is written as Matroska', () => {
  it.each([
    ['H.264', ['-c:v', 'libx264', '-g', '25', '-bf', '0']],
    ['H.264 whose pictures are reordered', ['-c:v', 'libx264', '-g', '25', '-bf', '2']],
    ['H.265', ['-c:v', 'libx265', '-x265-params', 'log-level=none:bframes=0:keyint=25']],
  ])('is decoded as it was before, at the times that were said: %s', (_, how) => {
    const { mp4, init, fragments } = copied(how);
    expect(fragments).toHaveLength(75);
    const listed = (input: Buffer, ...how: readonly string[]) =>
      run(['-copyts', ...how, '-f', 'framemd5', 'pipe:1'], input)
        .toString()
        .split('\n')
        .filter((line) => /^0,/.test(line))
        .map((line) => line.split(',').map((field) => field.trim()));
    const matroska = asMatroska(init, fragments);
    const decoded = (format: string, input: Buffer) =>
      listed(input, '-f', format, '-i', 'pipe:0', '-vsync', '0').map((fields) => fields.at(-1));
    expect(decoded('matroska', matroska)).toEqual(decoded('mp4', mp4));
    // Shown 40 ms apart, in units of 10 microseconds.
    const shown = listed(matroska, '-f', 'matroska', '-i', 'pipe:0', '-c', 'copy')
      .map((fields) => Number(fields[2]))
      .sort((a, b) => a - b);
    expect(new Set(shown.slice(1).map((time, n) => time - shown[n]))).toEqual(new Set([4000]));
  });

  it('holds what a picture of many megabytes and a time of years ask for', () => {
    const year = 365 * 24 * 3600 * 100_000;
    const head = matroskaPicture(3 * year, true, 20 << 20);
    // Cluster: its identifier and its size, which is all that follows.
    expect(head.readUInt32BE(0)).toBe(0x1f43b675);
    expect(head.readUIntBE(6, 6)).toBe(head.length - 12 + (20 << 20));
    expect(head[12]).toBe(0xe7);
    expect(head.readUIntBE(21, head.readUIntBE(15, 6))).toBe(3 * year);
  });
});

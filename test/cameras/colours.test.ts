import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock as clock } from '../../server/base/clock.js';
import { findFfmpeg, type Ffmpeg } from '../../server/cameras/find-ffmpeg.js';
import { fileSource } from '../../server/cameras/sources/file.js';
import { newFrame, type YuvPicture } from '../../server/frames/frame.js';
import { toRgb } from '../../server/frames/to-rgb.js';

// Our colours beside those of ffmpeg's own conversion to RGB, with real files that say of themselves what they are in.

const bundled = await findFfmpeg({ env: {} });
const found = await findFfmpeg({
  env: { PATH: process.env['PATH'], FFMPEG_PATH: process.env['GATEHOUSE_TEST_FFMPEG'] },
});
const builds: [string, Ffmpeg][] = [['bundled', bundled]];
if (found.path !== bundled.path) builds.push([found.version, found]);

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-colours-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Kind {
  name: string;
  tags: readonly string[];
  format: string;
  size: string;
}
const bt709 = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'];
const bt601 = ['-colorspace', 'smpte170m', '-color_primaries', 'smpte170m', '-color_trc', 'smpte170m'];
const bt2020 = ['-colorspace', 'bt2020nc', '-color_primaries', 'bt2020', '-color_trc', 'bt709'];
const kinds: Kind[] = [
  { name: 'untagged', tags: [], format: 'yuv420p', size: '320x180' },
  { name: 'BT.601', tags: bt601, format: 'yuv420p', size: '320x180' },
  { name: 'BT.709', tags: bt709, format: 'yuv420p', size: '320x180' },
  { name: 'BT.709 alone', tags: ['-colorspace', 'bt709'], format: 'yuv420p', size: '320x180' },
  { name: 'BT.2020', tags: bt2020, format: 'yuv420p', size: '320x180' },
  { name: 'BT.709 in full range', tags: bt709, format: 'yuvj420p', size: '320x180' },
  { name: 'untagged in full range', tags: [], format: 'yuvj420p', size: '320x180' },
  { name: 'BT.709 that is made smaller', tags: bt709, format: 'yuv420p', size: '640x360' },
  { name: 'of another shape, padded', tags: bt709, format: 'yuv420p', size: '240x180' },
  { name: 'of a shape with an odd side', tags: [], format: 'yuv420p', size: '358x202' },
];
const pathOf = ({ name }: Kind) => join(folder, `${name}.mp4`);

beforeAll(() => {
  for (const kind of kinds) {
    // One colourful picture that stands still: which one is looked at does not matter.
    const drawing = `testsrc2=s=${kind.size}:r=8:d=1,select=eq(n\\,0),loop=15:1:0,setpts=N/8/TB,format=${kind.format}`;
    const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '8', '-g', '4', ...kind.tags];
    execFileSync(
      bundled.path,
      ['-v', 'error', '-f', 'lavfi', '-i', drawing, ...encoder, '-y', pathOf(kind)],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
  }
});

const size = { width: 320, height: 180 };

async function frameOf(path: string, ffmpeg: Ffmpeg): Promise<YuvPicture> {
  const enough = new AbortController();
  const writing = newFrame(size);
  let frames = 0;
  // By the second frame what ffmpeg said before the first was heard.
  const publish = () => {
    frames += 1;
    if (frames === 2) enough.abort();
  };
  const late = setTimeout(() => enough.abort(), 10_000);
  await fileSource({ ...size, fps: 8, path }, { ffmpeg, clock }).run(
    { ...size, writing, publish },
    enough.signal,
  );
  clearTimeout(late);
  expect(frames).toBeGreaterThan(1);
  return writing;
}

/** As frames were made before they travelled in planes. */
function rgbByFfmpeg(path: string, ffmpeg: Ffmpeg): Buffer {
  const filters =
    'scale=320:180:force_original_aspect_ratio=decrease:flags=fast_bilinear,' +
    'format=yuv420p|yuvj420p,scale=flags=fast_bilinear,pad=320:180:(ow-iw)/2:(oh-ih)/2,setsar=1';
  const output = ['-frames:v', '1', '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1'];
  return execFileSync(ffmpeg.path, ['-v', 'quiet', '-i', path, '-vf', filters, ...output]);
}

describe.each(builds)('colours with ffmpeg %s', (_, ffmpeg) => {
  it.each(kinds)('of a clip that is $name are those of its own conversion', async (kind) => {
    const frame = await frameOf(pathOf(kind), ffmpeg);
    const rgb = new Uint8Array(size.width * size.height * 3);
    toRgb(frame, { x: 0, y: 0, ...size }, rgb);
    const theirs = rgbByFfmpeg(pathOf(kind), ffmpeg);
    let sum = 0;
    let far = 0;
    rgb.forEach((level, i) => {
      // Where a picture ends at an odd column, planes end one earlier or later.
      if (kind.name.endsWith('odd side') && Math.floor(i / 3) % size.width >= size.width - 2) return;
      const apart = Math.abs(level - theirs[i]);
      sum += apart;
      if (apart > 4) far += 1;
    });
    expect(sum / rgb.length).toBeLessThan(1);
    // Nearest chroma in both: hardly a pixel is far off, edges of colours neither.
    expect(far / rgb.length).toBeLessThan(0.005);
  });
});

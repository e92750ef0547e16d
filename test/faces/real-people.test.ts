import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../server/base/log.js';
import type { Face } from '../../server/faces/face.js';
import type { Recogniser } from '../../server/faces/recogniser.js';
import { startRecogniser } from '../../server/faces/start-recogniser.js';
import type { Picture } from '../../server/frames/frame.js';
import { measuredEngines } from '../fixtures/measured-engines.js';
import { apart } from './drawn-picture.js';

const shared = resolve(import.meta.dirname, '../../../shared/data/faces');

describe.skipIf(!existsSync(shared))('recognition of real people (needs ../shared)', () => {
  let recogniser: Recogniser;
  beforeAll(async () => {
    const options = {
      engine: 'auto',
      enginesFile: await measuredEngines(),
      workers: 'auto',
      network: 'dlib-resnet',
      modelsFolder: 'nowhere',
    } as const;
    recogniser = await startRecogniser({ ...options, log: silentLog });
  });
  afterAll(() => recogniser.close());

  it('tells same from different on photos of six people, without a miss', async () => {
    const pairs = readFileSync(join(shared, 'pairs.csv'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','))
      .filter(([file]) => file.startsWith('images/fr/'));
    const files = [...new Set(pairs.flatMap(([a, b]) => [a, b]))];
    const faces = new Map<string, Face>();
    for (const file of files) {
      const [found] = await recogniser.recognise([await read(join(shared, file))], { profile: 'photo' });
      expect(found, file).not.toHaveLength(0);
      faces.set(file, found[0]);
    }
    const distances = (same: string) =>
      pairs
        .filter((pair) => pair[2] === same)
        .map(([a, b]) => apart(faces.get(a)!.embedding!, faces.get(b)!.embedding!));
    expect(Math.max(...distances('1'))).toBeLessThan(0.58);
    expect(Math.min(...distances('0'))).toBeGreaterThan(0.65);
  });

  it('knows two people by one still each, and nobody among people seen from behind', async () => {
    const enrolled = await Promise.all(
      ['female', 'male'].map(async (who) => {
        const [still] = frames(`head-pose-face-detection-${who}.mp4`, 480, 270, 2);
        const [[face]] = await recogniser.recognise([still], { profile: 'photo' });
        return face.embedding!;
      }),
    );
    const nearest = ({ embedding }: Face) => enrolled.map((one) => apart(one, embedding!));
    const named = (face: Face) =>
      nearest(face).findIndex((distance) => distance <= recogniser.defaultThreshold);

    const both = frames('head-pose-face-detection-female-and-male.mp4', 480, 270, 2);
    const seen = await recogniser.recognise(both);
    const found = seen.flat();
    expect(found.length).toBeGreaterThan(both.length * 1.6);
    for (const who of [0, 1]) expect(found.filter((face) => named(face) === who).length).toBeGreaterThan(5);
    // She sits on the left, he on the right: every name is the right one.
    for (const face of found) expect([-1, face.box.x < 240 ? 0 : 1]).toContain(named(face));

    const behind = await recogniser.recognise(frames('one-by-one-person-detection.mp4', 768, 432, 0.5));
    expect(behind.flat().filter((face) => named(face) >= 0)).toEqual([]);
  });
});

async function read(path: string): Promise<Picture> {
  const { data, info } = await sharp(path)
    .rotate()
    .flatten()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: new Uint8Array(data) };
}

function frames(file: string, width: number, height: number, fps: number): Picture[] {
  const require = createRequire(import.meta.url);
  const ffmpeg = (require('@ffmpeg-installer/ffmpeg') as { path: string }).path;
  execFileSync('chmod', ['u+x', ffmpeg]);
  const path = join(shared, 'videos', file);
  const { stdout } = spawnSync(
    ffmpeg,
    ['-loglevel', 'error', '-i', path, '-vf', `fps=${fps}`, '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1'],
    { maxBuffer: 2 ** 30 },
  );
  const bytes = width * height * 3;
  return Array.from({ length: Math.floor(stdout.length / bytes) }, (_, i) => ({
    width,
    height,
    pixels: new Uint8Array(stdout.subarray(i * bytes, (i + 1) * bytes)),
  }));
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../server/base/log.js';
import type { Quality } from '../../server/faces/face.js';
import { headPose } from '../../server/faces/head-pose.js';
import { passQualityGate, qualityDefaults } from '../../server/faces/quality-gate.js';
import type { QualityMeasures } from '../../server/faces/quality.js';
import type { Recogniser } from '../../server/faces/recogniser.js';
import { sharpness } from '../../server/faces/sharpness.js';
import { startRecogniser } from '../../server/faces/start-recogniser.js';
import { numbers } from '../contracts/generated.js';
import { measuredEngines } from '../fixtures/measured-engines.js';
import { drawnPicture } from './drawn-picture.js';

const good: QualityMeasures = {
  size: 150,
  sharpness: 0.65,
  yaw: 0,
  pitch: 0,
  roll: 0,
  brightness: 120,
  contrast: 50,
  cut: 0,
  score: 0.95,
};

describe('the quality gate', () => {
  it('takes a good face, near the top of its scale', () => {
    const quality = passQualityGate(good, qualityDefaults);
    expect(quality.problems).toEqual([]);
    expect(quality.overall).toBeGreaterThan(0.9);
    expect(quality.overall).toBeLessThanOrEqual(1);
  });

  it.each<[Partial<QualityMeasures>, string, string]>([
    [{ size: 31.4 }, 'too-small', 'too small: 31 px, needs 36'],
    [{ sharpness: 0.21 }, 'blurred', 'blurred: sharpness 0.21, needs 0.3'],
    [{ yaw: -52.2 }, 'turned-away', 'turned away 52°, at most 50°'],
    [{ pitch: -47 }, 'nodding', 'looking down 47°, at most 40°'],
    [{ pitch: 41 }, 'nodding', 'looking up 41°, at most 40°'],
    [{ roll: 60 }, 'tilted', 'tilted 60°, at most 45°'],
    [{ brightness: 20 }, 'too-dark', 'too dark: brightness 20, needs 35'],
    [{ brightness: 240 }, 'too-bright', 'too bright: brightness 240, at most 225'],
    [{ contrast: 6 }, 'flat', 'too little contrast: 6, needs 12'],
    [{ cut: 0.4 }, 'cut-off', 'cut off: 40 % of the face is outside, at most 25 %'],
  ])('refuses %j with its code, figure and limit', (poor, code, reason) => {
    const quality = passQualityGate({ ...good, ...poor }, qualityDefaults);
    expect(quality.problems).toEqual([{ code, reason }]);
    expect(quality.overall).toBeLessThan(passQualityGate(good, qualityDefaults).overall);
  });

  it('names everything that is wrong at once', () => {
    const { problems } = passQualityGate({ ...good, size: 20, yaw: 80, brightness: 5 }, qualityDefaults);
    expect(problems.map(({ code }) => code)).toEqual(['too-small', 'turned-away', 'too-dark']);
  });

  it('takes what is exactly at a limit', () => {
    const { problems } = passQualityGate({ ...good, size: 36, yaw: 50, cut: 0.25 }, qualityDefaults);
    expect(problems).toEqual([]);
  });
});

describe('the pose of a head', () => {
  /** The six points that the pose is read from, of a head turned by angles in degrees, under weak perspective. */
  function turned(yaw: number, pitch: number, roll: number): Float32Array {
    const [y, p, r] = [yaw, pitch - 5, roll].map((angle) => (angle * Math.PI) / 180);
    const points: [number, number, number, number][] = [
      [30, 0, 0, 0],
      [8, 0, 330, -65],
      [36, -225, -170, -135],
      [45, 225, -170, -135],
      [48, -150, 150, -125],
      [54, 150, 150, -125],
    ];
    const landmarks = new Float32Array(136);
    for (const [landmark, px, py, pz] of points) {
      const x1 = px * Math.cos(y) + pz * Math.sin(y);
      const z1 = pz * Math.cos(y) - px * Math.sin(y);
      const y1 = py * Math.cos(p) - z1 * Math.sin(p);
      landmarks[2 * landmark] = 0.3 * (x1 * Math.cos(r) - y1 * Math.sin(r)) + 400;
      landmarks[2 * landmark + 1] = 0.3 * (x1 * Math.sin(r) + y1 * Math.cos(r)) + 300;
    }
    return landmarks;
  }

  it.each([
    [0, 0, 0],
    [30, 0, 0],
    [-45, 0, 0],
    [0, 25, 0],
    [0, -20, 0],
    [0, 0, 30],
  ])('is read from its landmarks: yaw %i, pitch %i, roll %i', (yaw, pitch, roll) => {
    const pose = headPose(turned(yaw, pitch, roll));
    // A head at rest measures 5 degrees of pitch, which a roll turns into a little yaw.
    expect(Math.abs(pose.yaw - yaw)).toBeLessThan(4);
    expect(Math.abs(pose.pitch - pitch)).toBeLessThan(4);
    expect(Math.abs(pose.roll - roll)).toBeLessThan(6);
  });

  it('is finite for landmarks that are all one point', () => {
    const { yaw, pitch, roll } = headPose(new Float32Array(136).fill(7));
    expect([yaw, pitch, roll].every(Number.isFinite)).toBe(true);
  });
});

describe('sharpness', () => {
  const SIDE = 64;
  const next = numbers(3);
  const texture = Float32Array.from({ length: SIDE * SIDE }, () => next() * 255);
  /** The mean of a square around each number. */
  const blurred = (grey: Float32Array, radius: number): Float32Array =>
    grey.map((_, i) => {
      let sum = 0;
      let count = 0;
      for (let v = -radius; v <= radius; v += 1)
        for (let u = -radius; u <= radius; u += 1) {
          const [x, y] = [(i % SIDE) + u, Math.floor(i / SIDE) + v];
          if (x < 0 || y < 0 || x >= SIDE || y >= SIDE) continue;
          sum += grey[y * SIDE + x];
          count += 1;
        }
      return sum / count;
    });

  it('falls with every further blur, and does not depend on contrast', () => {
    const figures = [0, 1, 2, 4].map((radius) =>
      sharpness(radius ? blurred(texture, radius) : texture, SIDE),
    );
    for (let i = 1; i < figures.length; i += 1) expect(figures[i]).toBeLessThan(figures[i - 1]);
    const pale = texture.map((value) => 120 + (value - 120) * 0.1);
    expect(sharpness(pale, SIDE)).toBeCloseTo(figures[0], 3);
  });

  it('sees blur along one direction only', () => {
    const bars = Float32Array.from({ length: SIDE * SIDE }, (_, i) =>
      Math.floor(i / SIDE / 4) % 2 ? 200 : 60,
    );
    expect(sharpness(bars, SIDE)).toBe(0);
  });

  it('is 0 for a plain wall', () => {
    expect(sharpness(new Float32Array(SIDE * SIDE).fill(90), SIDE)).toBe(0);
  });
});

describe('quality as the recogniser measures it', () => {
  let recogniser: Recogniser;
  beforeAll(async () => {
    recogniser = await startRecogniser({
      engine: 'auto',
      enginesFile: await measuredEngines(),
      workers: 1,
      network: 'dlib-resnet',
      modelsFolder: 'nowhere',
      log: silentLog,
    });
  });
  afterAll(() => recogniser.close());

  const qualityOf = async (guest: Parameters<typeof drawnPicture>[0][number]): Promise<Quality> => {
    const [[face]] = await recogniser.recognise([await drawnPicture([guest])], { profile: 'photo' });
    return face.quality!;
  };

  it('follows a drawn head: turned, leaning, in the dark, at the edge', async () => {
    const middle = { id: 'ada', x: 640, y: 300 };
    const straight = await qualityOf(middle);
    const right = await qualityOf({ ...middle, pose: { yaw: 25 } });
    const left = await qualityOf({ ...middle, pose: { yaw: -25 } });
    const leaning = await qualityOf({ ...middle, pose: { roll: 20 } });
    const dark = await qualityOf({ ...middle, pose: { light: 0.45 } });
    const small = await qualityOf({ ...middle, pose: { size: 110 } });
    expect(straight.problems).toEqual([]);
    expect(Math.abs(straight.yaw)).toBeLessThan(10);
    expect(right.yaw).toBeGreaterThan(straight.yaw + 10);
    expect(left.yaw).toBeLessThan(straight.yaw - 10);
    expect(leaning.roll - straight.roll).toBeGreaterThan(12);
    expect(dark.brightness).toBeLessThan(straight.brightness * 0.85);
    expect(small.size).toBeLessThan(straight.size * 0.7);
  });

  it('embeds a poor face for a photo, and leaves it alone where the live path says so', async () => {
    const far = await drawnPicture([{ id: 'ada', x: 640, y: 300, pose: { yaw: 30 } }]);
    const strict = await startRecogniser({
      engine: 'auto',
      enginesFile: await measuredEngines(),
      workers: 1,
      network: 'dlib-resnet',
      modelsFolder: 'nowhere',
      quality: { maxYaw: 5 },
      log: silentLog,
    });
    try {
      const [[embedded]] = await strict.recognise([far]);
      const [[skipped]] = await strict.recognise([far], { poor: 'skip' });
      expect(embedded.embedding).not.toBeNull();
      expect(embedded.quality!.problems.map(({ code }) => code)).toEqual(['turned-away']);
      expect(skipped.embedding).toBeNull();
      expect(skipped.quality).toEqual(embedded.quality);
    } finally {
      await strict.close();
    }
  });

  it('only finds a face that is followed and sure, and embeds it again where it is good enough', async () => {
    const picture = await drawnPicture([{ id: 'bo', x: 640, y: 300 }]);
    const [[seen]] = await recogniser.recognise([picture]);
    const followed = (embedAbove: number) => ({ followed: [{ box: seen.box, embedAbove }] });
    const [[sure]] = await recogniser.recognise([picture], followed(Infinity));
    expect(sure).toMatchObject({ landmarks: null, quality: null, embedding: null });
    expect(sure.box).toEqual(seen.box);
    const [[again]] = await recogniser.recognise([picture], followed(seen.quality!.overall * 0.9));
    expect(again.embedding).toEqual(seen.embedding);
    const [[worse]] = await recogniser.recognise([picture], followed(seen.quality!.overall * 1.1));
    expect(worse.embedding).toBeNull();
    expect(worse.quality).toEqual(seen.quality);
    const elsewhere = { followed: [{ box: { ...seen.box, x: 0 }, embedAbove: Infinity }] };
    expect((await recogniser.recognise([picture], elsewhere))[0][0].embedding).toEqual(seen.embedding);
  });

  it('finds in a part of the picture what it finds in the whole, and nothing outside', async () => {
    const picture = await drawnPicture([
      { id: 'skuli', x: 300, y: 300 },
      { id: 'kofi', x: 980, y: 300 },
    ]);
    const [whole] = await recogniser.recognise([picture]);
    expect(whole).toHaveLength(2);
    const regions = [{ x: 640, y: -50, width: 700, height: 800 }];
    const [part] = await recogniser.recognise([picture], { regions });
    expect(part).toHaveLength(1);
    const kofi = [...whole].sort((a, b) => b.box.x - a.box.x)[0];
    expect(Math.abs(part[0].box.x - kofi.box.x)).toBeLessThan(15);
    expect(Math.abs(part[0].box.width - kofi.box.width)).toBeLessThan(25);
    const outside = [{ x: 2000, y: 2000, width: 50, height: 50 }];
    expect(await recogniser.recognise([picture], { regions: outside })).toEqual([[]]);
    expect(await recogniser.recognise([picture], { regions: [] })).toEqual([[]]);
  });
});

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNetwork } from '../../models/catalogue.js';
import { demoPeople } from '../../server/demo/people.js';
import { detect, type Detectors } from '../../server/faces/detect.js';
import { faceSize } from '../../server/faces/face.js';
import { cameraProfiles, type DetectionProfile } from '../../server/faces/detection-profile.js';
import type { Engine, Runner } from '../../server/faces/engine.js';
import { openOnnx } from '../../server/faces/engines/onnx.js';
import { ssdAnchors } from '../../server/faces/look-ssd.js';
import { overlap } from '../../server/faces/face.js';
import type { Detection } from '../../server/faces/suppress.js';
import { isWholeIn, tiles } from '../../server/faces/tiles.js';
import type { Picture } from '../../server/frames/frame.js';
import { drawnPicture, type Guest } from './drawn-picture.js';

const settings = { inputSize: 320, minScore: 0.45, minFace: 0 };
let engine: Engine;
let detectors: Detectors;
/** Pixels that each network was shown since this was emptied. */
const shown: { by: string; width: number; height: number }[] = [];

beforeAll(async () => {
  engine = await openOnnx({ threads: 1 });
  const load = async (name: 'ssd-mobilenet' | 'tiny-detector') => {
    const { network, weights } = await readNetwork(name, 'nowhere');
    return { weights, runner: counted(name, await engine.load(network, weights)) };
  };
  const [ssd, tiny] = [await load('ssd-mobilenet'), await load('tiny-detector')];
  const compiled = { runner: ssd.runner, anchors: ssdAnchors(ssd.weights) };
  detectors = {
    ssd: compiled,
    careful: () => Promise.resolve(compiled),
    tiny: () => Promise.resolve(tiny.runner),
  };
});
afterAll(() => engine.close());

function counted(by: string, runner: Runner): Runner {
  return {
    ...runner,
    run(input, batch, size) {
      shown.push({ by, ...size! });
      return runner.run(input, batch, size);
    },
  };
}

const look = (picture: Picture, profile: DetectionProfile, more: Partial<typeof settings> = {}) =>
  detect(detectors, picture, { ...settings, ...more, profile });

describe('a face that is drawn', () => {
  it.each(['fast', 'balanced', 'accurate', 'photo'] as const)(
    'is found by %s, where it is',
    async (profile) => {
      const found = await look(await drawnPicture([{ id: 'skuli', x: 400, y: 300 }]), profile);
      expect(found).toHaveLength(1);
      const { box, score } = found[0];
      expect(score).toBeGreaterThan(0.6);
      // The point between the eyes lies in the middle of the upper half of the box.
      expect(Math.abs(box.x + box.width / 2 - 400)).toBeLessThan(box.width * 0.15);
      expect(Math.abs(box.y + box.height * 0.35 - 300)).toBeLessThan(box.height * 0.2);
    },
  );

  it.each([
    ['wide', 1280, 300],
    ['tall', 300, 1280],
    ['odd', 701, 433],
    ['small', 160, 150],
  ])('is found where it is in a %s picture', async (_, width, height) => {
    const [x, y] = [Math.round(width / 2), Math.round(height / 2)];
    const size = Math.min(220, Math.min(width, height) * 0.55);
    const [{ box }] = await look(
      await drawnPicture([{ id: 'skuli', x, y, pose: { size } }], { width, height }),
      'balanced',
    );
    expect(Math.abs(box.x + box.width / 2 - x)).toBeLessThan(box.width * 0.2);
    expect(Math.abs(box.y + box.height * 0.35 - y)).toBeLessThan(box.height * 0.25);
  });

  it('is dropped where it is too small or not sure enough', async () => {
    const picture = await drawnPicture([{ id: 'skuli', x: 400, y: 300 }]);
    const [{ box, score }] = await look(picture, 'balanced');
    expect(await look(picture, 'balanced', { minFace: faceSize(box) + 1 })).toEqual([]);
    expect(await look(picture, 'balanced', { minScore: (1 + score) / 2 })).toEqual([]);
  });

  it('fills a photo and is still found', async () => {
    const picture = await drawnPicture([{ id: 'skuli', x: 200, y: 180, pose: { size: 400 } }], {
      width: 400,
      height: 400,
    });
    expect(await look(picture, 'photo')).toHaveLength(1);
  });
});

describe('the profiles', () => {
  it('see ever more of a crowd in 1080p, for ever more pixels looked at', async () => {
    const crowd = await drawnCrowd();
    const seen = [];
    for (const profile of cameraProfiles) {
      shown.length = 0;
      const found = await look(crowd.picture, profile);
      const pixels = shown.reduce((sum, { width, height }) => sum + width * height, 0);
      seen.push({ hits: hits(found, crowd.faces), doubled: doubled(found), pixels });
    }
    const [fast, balanced, accurate] = seen;
    expect(fast.pixels).toBeLessThan(balanced.pixels);
    expect(balanced.pixels).toBeLessThan(accurate.pixels);
    expect(fast.hits).toBeLessThanOrEqual(balanced.hits);
    expect(balanced.hits).toBeLessThan(accurate.hits);
    expect(accurate.hits).toBeGreaterThanOrEqual(crowd.faces.length * 0.9);
    expect(seen.map((one) => one.doubled)).toEqual([0, 0, 0]);
  });

  it('compile the tiny detector only where it is needed', async () => {
    const picture = await drawnPicture([{ id: 'skuli', x: 400, y: 300 }]);
    const used = async (profile: DetectionProfile) => {
      shown.length = 0;
      await look(picture, profile);
      return [...new Set(shown.map(({ by }) => by))];
    };
    expect(await used('fast')).toEqual(['ssd-mobilenet']);
    expect(await used('balanced')).toEqual(['ssd-mobilenet']);
    expect(await used('accurate')).toEqual(['ssd-mobilenet', 'tiny-detector']);
    expect(await used('photo')).toEqual(['ssd-mobilenet']);
  });

  it('find nobody on an empty wall', async () => {
    const wall = await drawnPicture([]);
    for (const profile of ['fast', 'balanced', 'accurate', 'photo'] as const)
      expect(await look(wall, profile)).toEqual([]);
  });
});

describe('tiles', () => {
  it.each([
    [1920, 1080],
    [1280, 720],
    [641, 640],
    [3840, 2160],
  ])('cover %d x %d, none larger than asked, neighbours overlapping enough', (width, height) => {
    const regions = tiles({ width, height }, 640, 96);
    for (const { x, y, ...tile } of regions) {
      expect(tile.width).toBeLessThanOrEqual(640);
      expect(Number.isInteger(x) && Number.isInteger(y)).toBe(true);
      expect(x + tile.width <= width && y + tile.height <= height).toBe(true);
    }
    // Every face as large as the overlap is whole in one of them.
    for (let y = 0; y + 96 <= height; y += 32)
      for (let x = 0; x + 96 <= width; x += 32) {
        const face = { x, y, width: 96, height: 96 };
        expect(regions.some((tile) => isWholeIn(face, tile, { width, height }))).toBe(true);
      }
  });

  it('are no larger than it takes', () => {
    expect(tiles({ width: 1280, height: 720 }, 736, 96)).toEqual([
      { x: 0, y: 0, width: 688, height: 720 },
      { x: 592, y: 0, width: 688, height: 720 },
    ]);
    expect(tiles({ width: 1920, height: 1080 }, 736, 96)).toHaveLength(6);
  });

  it('are one where the picture is no larger', () => {
    expect(tiles({ width: 600, height: 400 }, 640, 96)).toEqual([{ x: 0, y: 0, width: 600, height: 400 }]);
  });

  it('say nothing of a face that a neighbour sees more of, except at the edge of the picture', () => {
    const picture = { width: 1000, height: 640 };
    const [left, right] = tiles(picture, 640, 96);
    const across = { x: 500, y: 100, width: 60, height: 60 };
    expect([isWholeIn(across, left, picture), isWholeIn(across, right, picture)]).toEqual([false, true]);
    expect(isWholeIn({ x: -10, y: 600, width: 60, height: 60 }, left, picture)).toBe(true);
  });
});

/** 24 drawn people in 1080p, their faces 20 to 130 pixels wide. */
async function drawnCrowd(): Promise<{ picture: Picture; faces: Guest[] }> {
  const faces = Array.from({ length: 24 }, (_, i): Guest => {
    const size = [40, 60, 90, 150][i % 4];
    return {
      id: demoPeople[i % demoPeople.length].id,
      x: 160 + (i % 8) * 225,
      y: 130 + Math.floor(i / 8) * 340,
      pose: { size },
    };
  });
  return { picture: await drawnPicture(faces, { width: 1920, height: 1080 }), faces };
}

/** How many of the people have a box around the point between their eyes. */
function hits(found: readonly Detection[], faces: readonly Guest[]): number {
  return faces.filter(({ x, y }) =>
    found.some(({ box }) => x > box.x && y > box.y && x < box.x + box.width && y < box.y + box.height),
  ).length;
}

/** How many pairs of boxes show the same face. */
function doubled(found: readonly Detection[]): number {
  return found.flatMap((a, i) => found.slice(i + 1).filter((b) => overlap(a.box, b.box) > 0.25)).length;
}

const groups = resolve(import.meta.dirname, '../../../shared/data/faces/images/groups');
describe.skipIf(!existsSync(groups))('photos of groups (needs ../shared)', () => {
  it.each([
    ['bbt1.jpg', 4],
    ['bbt3.jpg', 5],
    ['bbt4.jpg', 6],
    ['bbt5.jpg', 5],
    ['kit_with_rose.jpg', 2],
  ])('%s: all %d are found by balanced, and nobody else', async (file, count) => {
    const { data, info } = await sharp(`${groups}/${file}`)
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const found = await look({ width: info.width, height: info.height, pixels: data }, 'balanced');
    expect(found).toHaveLength(count);
  });
});

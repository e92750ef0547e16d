import { describe, expect, it } from 'vitest';
import { lumaGrid } from '../../server/frames/luma-grid.js';
import { Motion } from '../../server/frames/motion.js';
import { watchNotableMotion } from '../../server/frames/notable-motion.js';
import type { Polygon } from '../../server/frames/polygon.js';
import { regions } from '../../server/frames/regions.js';
import { numbers } from '../contracts/generated.js';
import { greyFrame, toYuv } from '../fixtures/yuv.js';

const SIZE = { width: 640, height: 360 };

/** A wall with a little noise, and on it a lighter square. */
function frame(square: { x: number; y: number; side: number } | null, level = 100, seed = 1, noise = 3) {
  const next = numbers(seed);
  const pixels = new Uint8Array(SIZE.width * SIZE.height * 3);
  for (let y = 0, i = 0; y < SIZE.height; y += 1)
    for (let x = 0; x < SIZE.width; x += 1, i += 3) {
      const inside =
        square && x >= square.x && x < square.x + square.side && y >= square.y && y < square.y + square.side;
      pixels.fill(level + (inside ? 60 : 0) + Math.round((next() - 0.5) * 2 * noise), i, i + 3);
    }
  return toYuv({ ...SIZE, pixels });
}

describe('motion', () => {
  it('knows nothing of the first frame', () => {
    expect(new Motion().since(frame(null))).toBeNull();
  });

  it('is nothing where only the noise is another', () => {
    const motion = new Motion();
    motion.since(frame(null, 100, 1));
    for (let seed = 2; seed < 12; seed += 1) expect(motion.since(frame(null, 100, seed))).toEqual([]);
  });

  it('is nothing where the whole picture grows lighter or darker', () => {
    const motion = new Motion();
    motion.since(frame(null, 100, 1));
    expect(motion.since(frame(null, 130, 2))).toEqual([]);
    expect(motion.since(frame(null, 60, 3))).toEqual([]);
  });

  it('is where something came, where it went on to, and where it left', () => {
    const motion = new Motion();
    const covers = (area: { x: number; y: number; width: number; height: number }, x: number, y: number) =>
      area.x <= x && x <= area.x + area.width && area.y <= y && y <= area.y + area.height;
    motion.since(frame(null, 100, 1));
    const came = motion.since(frame({ x: 100, y: 100, side: 60 }, 100, 2))!;
    expect(came).toHaveLength(1);
    expect(covers(came[0], 130, 130)).toBe(true);
    expect(came[0].width).toBeLessThan(100);
    const moved = motion.since(frame({ x: 400, y: 200, side: 60 }, 100, 3))!;
    expect(moved).toHaveLength(2);
    expect(moved.some((area) => covers(area, 430, 230))).toBe(true);
    expect(motion.since(frame({ x: 400, y: 200, side: 60 }, 100, 4))).toEqual([]);
    expect(motion.since(frame(null, 100, 5))).toHaveLength(1);
  });
});

describe('the grid that motion is compared by', () => {
  it('is the same whether the picture brings it or not', () => {
    const [plain, handed] = [new Motion(), new Motion()];
    for (let at = 0; at < 5; at += 1) {
      const picture = frame({ x: 80 * at, y: 100, side: 60 }, 100, at + 1);
      const grid = lumaGrid(picture);
      const black = greyFrame(SIZE, 16);
      expect(handed.since({ ...black, grid })).toEqual(plain.since(picture));
      expect(plain.grid).toEqual(grid);
      expect(handed.grid).toBe(grid);
    }
  });

  it('is nine luma samples a cell, added up', () => {
    const picture = greyFrame(SIZE, 200);
    // The right half, from the middle of the picture on.
    for (let y = 0; y < SIZE.height; y += 1)
      picture.planes.fill(50, y * SIZE.width + 320, (y + 1) * SIZE.width);
    const grid = lumaGrid(picture);
    expect(grid).toHaveLength(64 * 36);
    expect(grid.every((sum, cell) => sum === (cell % 64 < 32 ? 1800 : 450))).toBe(true);
  });
});

describe('the least change that counts', () => {
  /** Grey levels of 255, as luma has them. */
  const luma = (level: number) => Math.round(16 + (level * 219) / 255);

  it.each([
    [5, 0],
    [8, 1],
  ])('is of six grey levels of 255: %i of them are %i areas', (levels, areas) => {
    const motion = new Motion();
    motion.since(greyFrame(SIZE, luma(100)));
    const next = greyFrame(SIZE, luma(100));
    for (let y = 100; y < 200; y += 1)
      next.planes.fill(luma(100 + levels), y * SIZE.width + 200, y * SIZE.width + 300);
    expect(motion.since(next)).toHaveLength(areas);
  });
});

describe('notable motion', () => {
  it('is that of somebody, and not of single cells in the noise of a dark picture', () => {
    const motion = new Motion();
    const notable = watchNotableMotion();
    let noisy = 0;
    for (let seed = 1; seed < 30; seed += 1) {
      noisy += motion.since(frame(null, 40, seed, 7))?.length ?? 0;
      expect(notable.since(frame(null, 40, seed, 7)) ?? []).toEqual([]);
    }
    expect(noisy).toBeGreaterThan(0);
    expect(notable.since(frame({ x: 300, y: 100, side: 40 }, 40, 31, 7))).toHaveLength(1);
  });
});

describe('motion under a mask', () => {
  const left: Polygon = [
    [0, 0],
    [0.5, 0],
    [0.5, 1],
    [0, 1],
  ];
  const middle = ({ x, width }: { x: number; width: number }) => (x + width / 2) / SIZE.width;

  it('is not counted, and beside it is', () => {
    const motion = new Motion([left]);
    motion.since(frame(null, 100, 1));
    expect(motion.since(frame({ x: 100, y: 100, side: 60 }, 100, 2))).toEqual([]);
    const beside = motion.since(frame({ x: 400, y: 200, side: 60 }, 100, 3))!;
    expect(beside).toHaveLength(1);
    expect(middle(beside[0])).toBeGreaterThan(0.5);
  });

  it('is taken for no change of the whole picture, though it be the larger part of it', () => {
    const most: Polygon = left.map(([x, y]) => [x * 1.4, y]);
    const motion = new Motion([most]);
    motion.since(frame(null, 100, 1));
    // All under the mask grows lighter: what is beside it did not move.
    expect(motion.since(frame({ x: 0, y: -100, side: 448 }, 100, 2))).toEqual([]);
  });

  it('is followed along slanting edges', () => {
    const slanting: Polygon = [
      [0, 0],
      [1, 0],
      [0, 1],
    ];
    const motion = new Motion([slanting]);
    motion.since(frame(null, 100, 1));
    expect(motion.since(frame({ x: 60, y: 60, side: 60 }, 100, 2))).toEqual([]);
    expect(motion.since(frame({ x: 500, y: 250, side: 60 }, 100, 3))).toHaveLength(1);
  });

  it('is nothing where the mask covers everything', () => {
    const motion = new Motion([left, left.map(([x, y]) => [x + 0.5, y])]);
    motion.since(frame(null, 100, 1));
    expect(motion.since(frame({ x: 200, y: 100, side: 200 }, 100, 2))).toEqual([]);
  });
});

describe('the parts of a frame that are worth a look', () => {
  const frameSize = { width: 1280, height: 720 };

  it('have room around them and stay inside', () => {
    const [part] = regions([{ x: 0, y: 600, width: 100, height: 100 }], frameSize)!;
    expect(part.x).toBe(0);
    expect(part.y).toBeLessThan(600);
    expect(part.x + part.width).toBeGreaterThan(150);
    expect(part.y + part.height).toBe(720);
  });

  it('are taken together where they touch, and all in one where they are many', () => {
    const area = (x: number, y = 300) => ({ x, y, width: 60, height: 60 });
    expect(regions([area(100), area(180)], frameSize)).toHaveLength(1);
    expect(regions([area(100), area(900)], frameSize)).toHaveLength(2);
    // The third joins two that were apart.
    expect(regions([area(100), area(420), area(260)], frameSize)).toHaveLength(1);
    const many = [area(0, 0), area(400, 0), area(800, 0), area(1200, 0)];
    expect(regions(many, frameSize)).toHaveLength(1);
  });

  it('are the whole frame where they are most of it, and none where there are none', () => {
    expect(regions([{ x: 100, y: 0, width: 900, height: 700 }], frameSize)).toBeNull();
    expect(regions([], frameSize)).toEqual([]);
  });
});

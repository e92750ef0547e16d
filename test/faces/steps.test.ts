import { describe, expect, it } from 'vitest';
import { align, dlibChip, openfaceChip } from '../../server/faces/align.js';
import { crop, place, type Transform } from '../../server/faces/crop.js';
import { detect } from '../../server/faces/detect.js';
import type { Runner } from '../../server/faces/engine.js';
import { shrink } from '../../server/faces/shrink.js';
import { stretch } from '../../server/faces/stretch.js';
import { overlap, suppress } from '../../server/faces/suppress.js';
import type { Picture } from '../../server/frames/frame.js';

/** A picture whose red is its column and whose green is its row. */
function ramp(width: number, height: number): Picture {
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i += 1) pixels.set([i % width, Math.floor(i / width), 77], i * 3);
  return { width, height, pixels };
}

describe('shrink', () => {
  it.each([
    ['to nearly the same size', 200, 100, 180, 90],
    ['by two and a bit', 200, 100, 95, 48],
    ['by five', 200, 100, 40, 20],
    ['by enlarging', 100, 50, 150, 75],
  ])('keeps every place where it was: %s', (_, wide, tall, width, height) => {
    const canvas = new Float32Array(192 * 96 * 3);
    shrink(ramp(wide, tall), width, height, canvas, 192);
    for (const [x, y] of [
      [3, 2],
      [Math.floor(width / 2), Math.floor(height / 2)],
      [width - 4, height - 3],
    ] as const) {
      const [red, green, blue] = canvas.subarray((y * 192 + x) * 3);
      // The middle of target pixel x shows the source's place (x + 0.5) * ratio, of which pixel i is i + 0.5.
      expect(Math.abs(red - (((x + 0.5) * wide) / width - 0.5))).toBeLessThan(0.6);
      expect(Math.abs(green - (((y + 0.5) * tall) / height - 0.5))).toBeLessThan(0.6);
      expect(blue).toBeCloseTo(77, 3);
    }
  });

  it('leaves the rest of the canvas alone', () => {
    const canvas = new Float32Array(64 * 64 * 3).fill(-1);
    shrink(ramp(100, 50), 50, 25, canvas, 64);
    expect(canvas[50 * 3]).toBe(-1);
    expect(canvas[25 * 64 * 3]).toBe(-1);
    expect(canvas[49 * 3]).toBeGreaterThanOrEqual(0);
  });

  it('turns a fine pattern into its mean instead of stripes', () => {
    const pixels = new Uint8Array(120 * 60 * 3).map((_, i) => (Math.floor(i / 3) % 2 ? 255 : 0));
    const canvas = new Float32Array(30 * 15 * 3);
    shrink({ width: 120, height: 60, pixels }, 30, 15, canvas, 30);
    expect(canvas.every((value) => Math.abs(value - 127.5) < 1)).toBe(true);
  });
});

describe('stretch', () => {
  const hazy = (low: number, high: number): Float32Array =>
    Float32Array.from(
      { length: 40 * 40 * 3 },
      (_, i) => low + ((high - low) * (Math.floor(i / 3) % 40)) / 39,
    );

  it('spreads a hazy picture from black to white', () => {
    const canvas = hazy(100, 160);
    stretch(canvas, 40, 40, 40);
    expect(Math.min(...canvas)).toBe(0);
    expect(Math.max(...canvas)).toBe(255);
    expect(canvas[20 * 3]).toBeGreaterThan(115);
    expect(canvas[20 * 3]).toBeLessThan(140);
  });

  it('leaves a picture of nearly one colour alone, and what lies outside the drawing', () => {
    const flat = hazy(100, 110);
    stretch(flat, 40, 40, 40);
    expect(flat).toEqual(hazy(100, 110));
    const part = hazy(100, 160);
    stretch(part, 40, 40, 10);
    expect(part.subarray(10 * 40 * 3)).toEqual(hazy(100, 160).subarray(10 * 40 * 3));
  });
});

describe('crop', () => {
  const straight: Transform = { a: 1, b: 0, c: 0, d: 1, x0: 0, y0: 0 };

  it('copies where the transform changes nothing, and is black outside', () => {
    const target = new Float32Array(60 * 60 * 3).fill(-1);
    crop(ramp(50, 40), straight, 60, target, 0);
    expect([...target.subarray((12 * 60 + 34) * 3, (12 * 60 + 34) * 3 + 3)]).toEqual([34, 12, 77]);
    expect([...target.subarray((12 * 60 + 55) * 3, (12 * 60 + 55) * 3 + 3)]).toEqual([0, 0, 0]);
    expect([...target.subarray((45 * 60 + 3) * 3, (45 * 60 + 3) * 3 + 3)]).toEqual([0, 0, 0]);
  });

  it.each([0.4, 1, 1.7, 3])('shows at (u, v) what lies at its place, at scale %d and turned', (scale) => {
    const [a, c] = [scale * Math.cos(0.3), scale * Math.sin(0.3)];
    const transform = { a, b: -c, c, d: a, x0: 60, y0: 10 };
    const target = new Float32Array(30 * 30 * 3);
    crop(ramp(200, 200), transform, 30, target, 0);
    const [x, y] = place(transform, 20.5, 15.5);
    const [red, green] = target.subarray((15 * 30 + 20) * 3);
    expect(Math.abs(red - (x - 0.5))).toBeLessThan(0.35);
    expect(Math.abs(green - (y - 0.5))).toBeLessThan(0.35);
  });
});

describe('align', () => {
  const transform: Transform = { a: 1.2, b: -0.5, c: 0.5, d: 1.2, x0: 30, y0: -7 };
  const landmarksOf = (template: typeof dlibChip, by: Transform): Float32Array => {
    const points = new Float32Array(136);
    for (const [landmark, x, y] of template.points)
      for (const number of [landmark].flat())
        points.set(place(by, x * template.size, y * template.size), number * 2);
    return points;
  };
  const close = (actual: Transform, expected: Transform): void => {
    for (const key of ['a', 'b', 'c', 'd'] as const) expect(actual[key]).toBeCloseTo(expected[key], 4);
    for (const key of ['x0', 'y0'] as const) expect(actual[key]).toBeCloseTo(expected[key], 2);
  };

  it.each([dlibChip, openfaceChip])('finds the turn, scale and move again', (template) =>
    close(align(landmarksOf(template, transform), template), transform),
  );

  it('never mirrors or shears a face for the residual net, but may shear for nn4', () => {
    const sheared = { a: 1, b: 0.4, c: 0, d: 0.8, x0: 5, y0: 6 };
    const { a, b, c, d } = align(landmarksOf(dlibChip, sheared), dlibChip);
    expect([b, d]).toEqual([-c, a]);
    close(align(landmarksOf(openfaceChip, sheared), openfaceChip), sheared);
  });

  it('puts the eyes of dlib chips where dlib has them', () => {
    expect(
      dlibChip.points.map(([landmark, x, y]) => [landmark, Math.round(x * 150), Math.round(y * 150)]),
    ).toEqual([
      [45, 111, 46],
      [42, 90, 48],
      [36, 37, 46],
      [39, 58, 48],
      [33, 74, 88],
    ]);
  });
});

describe('suppress', () => {
  const at = (x: number, score: number, width = 100) => ({ box: { x, y: 0, width, height: 100 }, score });

  it('keeps the best of those that overlap too much, best first', () => {
    expect(suppress([at(0, 0.6), at(10, 0.9), at(300, 0.7)], 0.4).map(({ score }) => score)).toEqual([
      0.9, 0.7,
    ]);
  });

  it('measures intersection over union', () => {
    expect(overlap(at(0, 1).box, at(50, 1).box)).toBeCloseTo(1 / 3);
    expect(overlap(at(0, 1).box, at(100, 1).box)).toBe(0);
  });
});

describe('detect', () => {
  /** A detector that sees one face in one cell, at every size it is asked for. */
  const seeing = (sizes: { height: number; width: number }[]): Runner => ({
    run: (_, __, size) => {
      sizes.push(size!);
      const map = new Float32Array((size!.height / 32) * (size!.width / 32) * 25).fill(-20);
      // First look only: the third anchor of cell (2, 1), in its middle, of the anchor's size, score 0.9.
      if (sizes.length === 1) map.set([0, 0, 0, 0, Math.log(9)], ((size!.width / 32) * 1 + 2) * 25 + 10);
      return Promise.resolve([map]);
    },
    close: () => Promise.resolve(),
  });
  const options = { inputSize: 320, minScore: 0.5, minFace: 36 };

  it('looks twice, keeps the aspect ratio, and gives the box in pixels of the picture', async () => {
    const sizes: { height: number; width: number }[] = [];
    const found = await detect(seeing(sizes), ramp(640, 360), options);
    expect(sizes).toEqual([
      { width: 320, height: 192 },
      { width: 160, height: 96 },
    ]);
    expect(found).toHaveLength(1);
    const { box, score } = found[0];
    expect(score).toBeCloseTo(0.9);
    expect(box.x + box.width / 2).toBeCloseTo(2.5 * 32 * 2);
    expect(box.y + box.height / 2).toBeCloseTo(1.5 * 32 * 2);
    expect(box.width).toBeCloseTo(2.882459 * 32 * 2, 3);
  });

  it('drops faces that are too small or not sure enough', async () => {
    expect(await detect(seeing([]), ramp(640, 360), { ...options, minFace: 190 })).toEqual([]);
    expect(await detect(seeing([]), ramp(640, 360), { ...options, minScore: 0.95 })).toEqual([]);
  });
});

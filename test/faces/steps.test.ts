import { describe, expect, it } from 'vitest';
import { align, dlibChip, openfaceChip } from '../../server/faces/align.js';
import { crop } from '../../server/faces/crop.js';
import { place, type Transform } from '../../server/faces/transform.js';
import { whole } from '../../server/faces/draw.js';
import { shrink } from '../../server/faces/shrink.js';
import { stretch } from '../../server/faces/stretch.js';
import { overlap } from '../../server/faces/face.js';
import { suppress } from '../../server/faces/suppress.js';
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
    shrink(ramp(wide, tall), whole({ width: wide, height: tall }), width, height, canvas, 192);
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

  it.each([20, 45, 90, 180])(
    'draws a part of the picture as it lies in the whole, %d pixels wide',
    (width) => {
      const region = { x: 60, y: 20, width: 90, height: 45 };
      const canvas = new Float32Array(192 * 96 * 3);
      shrink(ramp(200, 100), region, width, width / 2, canvas, 192);
      const [x, y] = [Math.floor(width / 2), Math.floor(width / 4)];
      const [red, green] = canvas.subarray((y * 192 + x) * 3);
      expect(Math.abs(red - (60 + ((x + 0.5) * 90) / width - 0.5))).toBeLessThan(0.6);
      expect(Math.abs(green - (20 + ((y + 0.5) * 90) / width - 0.5))).toBeLessThan(0.6);
    },
  );

  it('leaves the rest of the canvas alone', () => {
    const canvas = new Float32Array(64 * 64 * 3).fill(-1);
    shrink(ramp(100, 50), whole({ width: 100, height: 50 }), 50, 25, canvas, 64);
    expect(canvas[50 * 3]).toBe(-1);
    expect(canvas[25 * 64 * 3]).toBe(-1);
    expect(canvas[49 * 3]).toBeGreaterThanOrEqual(0);
  });

  it('turns a fine pattern into its mean instead of stripes', () => {
    const pixels = new Uint8Array(120 * 60 * 3).map((_, i) => (Math.floor(i / 3) % 2 ? 255 : 0));
    const canvas = new Float32Array(30 * 15 * 3);
    shrink({ width: 120, height: 60, pixels }, whole({ width: 120, height: 60 }), 30, 15, canvas, 30);
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

  it('copies where the transform changes nothing, and goes on with the outermost pixels outside', () => {
    const target = new Float32Array(60 * 60 * 3).fill(-1);
    crop(ramp(50, 40), straight, 60, target, 0);
    const at = (x: number, y: number) => [...target.subarray((y * 60 + x) * 3, (y * 60 + x) * 3 + 3)];
    expect([at(34, 12), at(55, 12), at(3, 45), at(59, 59)]).toEqual([
      [34, 12, 77],
      [49, 12, 77],
      [3, 39, 77],
      [49, 39, 77],
    ]);
  });

  it('goes on with the outermost pixels where it shrinks, too', () => {
    const target = new Float32Array(30 * 30 * 3);
    crop(ramp(50, 40), { a: 3, b: 0, c: 0, d: 3, x0: 0, y0: -30 }, 30, target, 0);
    expect([...target.subarray((2 * 30 + 29) * 3, (2 * 30 + 29) * 3 + 3)].map(Math.round)).toEqual([
      49, 0, 77,
    ]);
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

  it('puts the eyes of dlib chips where dlib has them, a little higher, as landmarks68 sees them', () => {
    const places = dlibChip.points.map(([landmark, x, y]) => [
      landmark,
      Math.round(x * 150),
      Math.round(y * 150),
    ]);
    expect(places).toEqual([
      [45, 109, 44],
      [42, 89, 46],
      [36, 37, 43],
      [39, 57, 46],
      [33, 73, 87],
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

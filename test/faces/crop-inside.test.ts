import { describe, expect, it } from 'vitest';
import { align, dlibChip } from '../../server/faces/align.js';
import { crop } from '../../server/faces/crop.js';
import { place, type Transform } from '../../server/faces/transform.js';
import { averageInside, interpolateInside, isInside } from '../../server/faces/crop-inside.js';
import { shrink } from '../../server/faces/shrink.js';
import { shrinkToQuarter } from '../../server/faces/shrink-quarter.js';
import type { Picture } from '../../server/frames/frame.js';

const SIZE = 24;

/** Neighbours differ much, so a sample of the wrong pixel shows. */
function noise(width: number, height: number): Picture {
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0, state = 1; i < pixels.length; i += 1) {
    state = (state * 16807) % 2147483647;
    pixels[i] = state % 256;
  }
  return { width, height, pixels };
}

const turned = (scale: number, angle: number, x0: number, y0: number): Transform => {
  const a = scale * Math.cos(angle);
  const c = scale * Math.sin(angle);
  return { a, b: -c, c, d: a, x0, y0 };
};

/** The mean of the samples, one after another. */
function averaged(picture: Picture, transform: Transform, samples: number): Float32Array {
  const out = new Float32Array(SIZE * SIZE * 3);
  for (let i = 0; i < out.length; i += 1) {
    const channel = i % 3;
    const [row, column] = [Math.floor(i / 3 / SIZE), Math.floor(i / 3) % SIZE];
    let sum = 0;
    for (let v = 0; v < samples; v += 1)
      for (let u = 0; u < samples; u += 1) {
        const [x, y] = place(transform, column + (u + 0.5) / samples, row + (v + 0.5) / samples);
        sum += picture.pixels[(Math.floor(y) * picture.width + Math.floor(x)) * 3 + channel];
      }
    out[i] = sum / samples ** 2;
  }
  return out;
}

function apart(a: Float32Array, b: Float32Array): { mean: number; most: number } {
  const each = a.map((value, i) => Math.abs(value - b[i]));
  return { mean: each.reduce((sum, value) => sum + value, 0) / each.length, most: Math.max(...each) };
}

describe('a crop that lies in the picture', () => {
  const picture = noise(203, 171);

  it.each([2, 3, 4, 7, 16])('averages %i x %i samples as one after another does', (samples) => {
    const transform = turned(3.1, 0, 20.3, 30.6);
    const target = new Float32Array(SIZE * SIZE * 3);
    averageInside(picture, transform, SIZE, target, 0, samples);
    // A place that falls within a 65536th of a pixel's edge may be counted to the neighbour.
    expect(apart(target, averaged(picture, transform, samples)).mean).toBeLessThan(0.05);
  });

  it('is the same where it is turned', () => {
    const transform = turned(2.4, 0.31, 60.2, 40.9);
    const target = new Float32Array(SIZE * SIZE * 3);
    averageInside(picture, transform, SIZE, target, 0, 3);
    expect(apart(target, averaged(picture, transform, 3)).mean).toBeLessThan(0.05);
  });

  it('leaves what lies before its offset alone', () => {
    const target = new Float32Array(SIZE * SIZE * 3 + 9).fill(-1);
    averageInside(picture, turned(2, 0, 10, 10), SIZE, target, 9, 2);
    expect([...target.subarray(0, 9)]).toEqual(Array<number>(9).fill(-1));
    expect(target.subarray(9).every((value) => value >= 0)).toBe(true);
  });

  it('interpolates as at the edge, where every pixel is clamped', () => {
    const transform = turned(0.83, 0.2, 50.2, 60.8);
    const target = new Float32Array(SIZE * SIZE * 3);
    interpolateInside(picture, transform, SIZE, target, 0);
    // The same pixels, in a picture that ends where the crop does, so that crop takes the slow way.
    const edge = { x: 48, y: 60, width: 26, height: 27 };
    const expected = new Float32Array(SIZE * SIZE * 3);
    crop(
      cut(picture, edge),
      { ...transform, x0: transform.x0 - edge.x, y0: transform.y0 - edge.y },
      SIZE,
      expected,
      0,
    );
    const inner = inside(target).map((value, i) => Math.abs(value - inside(expected)[i]));
    expect(Math.max(...inner)).toBeLessThan(0.01);
  });

  it('is told from one that reaches over an edge', () => {
    expect(isInside(picture, turned(2, 0, 1, 1), SIZE)).toBe(true);
    expect(isInside(picture, turned(2, 0, 0.9, 1), SIZE)).toBe(false);
    expect(isInside(picture, turned(2, 0, 203 - 2 - 48 + 0.1, 1), SIZE)).toBe(false);
    expect(isInside(picture, turned(2, 0.5, 10, 10), SIZE)).toBe(false);
  });

  it('never reads behind the last pixel', () => {
    const last = turned(2, 0, 203 - 2 - 48, 171 - 2 - 48);
    expect(isInside(picture, last, SIZE)).toBe(true);
    for (const samples of [2, 3, 5])
      averageInside(picture, last, SIZE, new Float32Array(SIZE * SIZE * 3), 0, samples);
    const target = new Float32Array(SIZE * SIZE * 3);
    interpolateInside(picture, turned(1, 0, 203 - 2 - 24, 171 - 2 - 24), SIZE, target, 0);
    expect(target.every(Number.isFinite)).toBe(true);
  });

  it('gives the chip of a real alignment', () => {
    const landmarks = new Float32Array(136).map((_, i) => (i % 2 ? 60 : 80) + ((i * 37) % 50));
    const transform = align(landmarks, { ...dlibChip, size: SIZE });
    const target = new Float32Array(SIZE * SIZE * 3);
    crop(picture, transform, SIZE, target, 0);
    expect(target.every(Number.isFinite)).toBe(true);
  });
});

describe('shrinking to a quarter', () => {
  const picture = noise(96, 64);
  const whole = { x: 0, y: 0, width: 96, height: 64 };

  it('averages exactly sixteen pixels', () => {
    const canvas = new Float32Array(32 * 16 * 3).fill(-1);
    expect(shrinkToQuarter(picture, whole, 24, 16, canvas, 32)).toBe(true);
    for (const [x, y, channel] of [
      [0, 0, 0],
      [23, 15, 2],
      [7, 3, 1],
    ]) {
      let sum = 0;
      for (let v = 0; v < 4; v += 1)
        for (let u = 0; u < 4; u += 1) sum += picture.pixels[((4 * y + v) * 96 + 4 * x + u) * 3 + channel];
      expect(canvas[(y * 32 + x) * 3 + channel]).toBe(sum / 16);
    }
    expect(canvas[24 * 3]).toBe(-1);
  });

  it('draws a part as the part by itself', () => {
    const region = { x: 8, y: 12, width: 40, height: 32 };
    const canvas = new Float32Array(10 * 8 * 3);
    expect(shrinkToQuarter(picture, region, 10, 8, canvas, 10)).toBe(true);
    const alone = new Float32Array(10 * 8 * 3);
    shrink(cut(picture, region), { ...region, x: 0, y: 0 }, 10, 8, alone, 10);
    expect(canvas).toEqual(alone);
  });

  it.each([
    ['another size', whole, 25, 16],
    ['a part between two pixels', { ...whole, x: 0.5 }, 24, 16],
    ['rows that begin within a word', { x: 1, y: 0, width: 80, height: 64 }, 20, 16],
  ])('leaves %s to others', (_, region, width, height) => {
    const canvas = new Float32Array(32 * 16 * 3);
    expect(shrinkToQuarter(picture, region, width, height, canvas, 32)).toBe(false);
    expect(canvas.every((value) => value === 0)).toBe(true);
  });
});

function cut(
  picture: Picture,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
): Picture {
  const pixels = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row += 1) {
    const start = ((y + row) * picture.width + x) * 3;
    pixels.set(picture.pixels.subarray(start, start + width * 3), row * width * 3);
  }
  return { width, height, pixels };
}

/** Without the outermost pixels, which the edge of the smaller picture may change. */
function inside(chip: Float32Array): Float32Array {
  return chip.filter((_, i) => {
    const [row, column] = [Math.floor(i / 3 / SIZE), Math.floor(i / 3) % SIZE];
    return row > 4 && row < SIZE - 5 && column > 4 && column < SIZE - 5;
  });
}

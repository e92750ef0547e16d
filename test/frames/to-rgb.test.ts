import { describe, expect, it } from 'vitest';
import { newFrame, type YuvMatrix } from '../../server/frames/frame.js';
import { toRgb, yuvCoefficients } from '../../server/frames/to-rgb.js';
import { numbers } from '../contracts/generated.js';
import { greyFrame, toYuv } from '../fixtures/yuv.js';

const matrices = Object.keys(yuvCoefficients) as YuvMatrix[];
const all = ({ width, height }: { width: number; height: number }) => ({ x: 0, y: 0, width, height });

function noise(width: number, height: number, matrix: YuvMatrix) {
  const next = numbers(7);
  const frame = newFrame({ width, height });
  frame.matrix = matrix;
  frame.planes.forEach((_, i) => (frame.planes[i] = next() * 256));
  return frame;
}

describe('planes in RGB', () => {
  it.each(matrices)('are the colours that they were made of, in %s', (matrix) => {
    // Blocks of 2 x 2 pixels of one colour each, so that chroma loses nothing.
    const size = { width: 32, height: 32 };
    const next = numbers(3);
    const pixels = new Uint8Array(size.width * size.height * 3);
    for (let y = 0; y < 32; y += 2)
      for (let x = 0; x < 32; x += 2) {
        const colour = [next(), next(), next()].map((part) => part * 256);
        for (const at of [y * 32 + x, y * 32 + x + 1, y * 32 + x + 32, y * 32 + x + 33])
          pixels.set(colour, at * 3);
      }
    const rgb = new Uint8Array(pixels.length);
    toRgb(toYuv({ ...size, pixels }, matrix), all(size), rgb);
    // What 8 bits of limited range lose: half a level of luma, and of chroma.
    rgb.forEach((level, i) => expect(Math.abs(level - pixels[i])).toBeLessThanOrEqual(2));
  });

  it('are black at 16, white at 235 and no further beyond', () => {
    const size = { width: 16, height: 2 };
    for (const [luma, level] of [
      [0, 0],
      [16, 0],
      [126, 128],
      [235, 255],
      [255, 255],
    ]) {
      const rgb = new Uint8Array(size.width * size.height * 3);
      toRgb(greyFrame(size, luma), all(size), rgb);
      expect(new Set(rgb)).toEqual(new Set([level]));
    }
  });

  it.each([
    { x: 0, y: 0, width: 64, height: 48 },
    { x: 3, y: 5, width: 7, height: 9 },
    { x: 63, y: 47, width: 1, height: 1 },
    { x: 10, y: 7, width: 54, height: 41 },
  ])('of a part are those of the whole: $x, $y, $width x $height', (part) => {
    const frame = noise(64, 48, 'bt709');
    const whole = new Uint8Array(64 * 48 * 3);
    toRgb(frame, all(frame), whole);
    const rgb = new Uint8Array(part.width * part.height * 3 + 3).fill(9);
    toRgb(frame, part, rgb);
    for (let row = 0; row < part.height; row += 1) {
      const from = ((part.y + row) * 64 + part.x) * 3;
      const line = rgb.subarray(row * part.width * 3, (row + 1) * part.width * 3);
      expect([...line]).toEqual([...whole.subarray(from, from + part.width * 3)]);
    }
    expect([...rgb.subarray(-3)]).toEqual([9, 9, 9]);
  });
});

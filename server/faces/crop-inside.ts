import type { Picture } from '../frames/frame.js';
import { kernelsOver } from './kernels/kernels.js';
import type { Transform } from './transform.js';

/**
 * Cuts a square out of a picture in which all of it lies: every face of a frame but those at its edge, so this is written for
 * speed. Nothing is clamped, places are counted in 65536ths of a pixel, and R, G and B are read as one word, of which R and B are
 * added up in the halves of another.
 *
 * @param samples along each side of a pixel of the crop, that are averaged; 16 at most, for sums are 16 bits wide
 * @param target receives size x size x 3 numbers, 0..255, from `offset` on
 */
export function averageInside(
  { pixels, width }: Picture,
  { a, b, c, d, x0, y0 }: Transform,
  size: number,
  target: Float32Array,
  offset: number,
  samples: number,
): void {
  const words = new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const sum = samples === 2 ? sumOfFour : samples === 3 ? sumOfNine : sumOfSquare;
  const step = UNIT / samples;
  const steps: Steps = {
    words,
    width,
    samples,
    share: 1 / (samples * samples),
    alongX: Math.round(a * step),
    alongY: Math.round(c * step),
    acrossX: Math.round(b * step),
    acrossY: Math.round(d * step),
  };
  const first = 0.5 / samples;
  const kernels = width < MOST_KERNEL_PIXELS ? kernelsOver(pixels, target) : null;
  for (let row = 0; row < size; row += 1) {
    const x = Math.floor((a * first + b * (row + first) + x0) * UNIT);
    const y = Math.floor((c * first + d * (row + first) + y0) * UNIT);
    const at = offset + row * size * 3;
    if (kernels) {
      const { alongX, alongY, acrossX, acrossY } = steps;
      const place = target.byteOffset + at * 4;
      // prettier-ignore
      kernels.averageRow(pixels.byteOffset, width * 3, x, y, alongX, alongY, acrossX, acrossY, samples, place, size);
    } else sum(steps, x, y, target, at, size);
  }
}

/** Whether averageInside and interpolateInside may be used: all of the crop, and a pixel more, lies in the picture. */
export function isInside(
  { width, height }: Picture,
  { a, b, c, d, x0, y0 }: Transform,
  size: number,
): boolean {
  const xs = [x0, x0 + a * size, x0 + b * size, x0 + (a + b) * size];
  const ys = [y0, y0 + c * size, y0 + d * size, y0 + (c + d) * size];
  return (
    Math.min(...xs) >= 1 &&
    Math.min(...ys) >= 1 &&
    Math.max(...xs) <= width - 2 &&
    Math.max(...ys) <= height - 2 &&
    Math.max(width, height) < MOST_PIXELS
  );
}

/** Bilinear interpolation, for crops that do not shrink. */
export function interpolateInside(
  { pixels, width }: Picture,
  { a, b, c, d, x0, y0 }: Transform,
  size: number,
  target: Float32Array,
  offset: number,
): void {
  const next = width * 3;
  const kernels = width < MOST_KERNEL_PIXELS ? kernelsOver(pixels, target) : null;
  for (let row = 0, at = offset; row < size; row += 1) {
    let x = a * 0.5 + b * (row + 0.5) + x0 - 0.5;
    let y = c * 0.5 + d * (row + 0.5) + y0 - 0.5;
    if (kernels) {
      const [left, top, alongX, alongY] = [x, y, a, c].map((value) => Math.round(value * UNIT));
      const place = target.byteOffset + (offset + row * size * 3) * 4;
      kernels.interpolateRow(pixels.byteOffset, next, left, top, alongX, alongY, place, size);
      continue;
    }
    for (let column = 0; column < size; column += 1, at += 3, x += a, y += c) {
      const left = x | 0;
      const top = y | 0;
      const right = x - left;
      const below = y - top;
      // The parts of the four pixels around.
      const d11 = right * below;
      const d10 = right - d11;
      const d01 = below - d11;
      const d00 = 1 - right - d01;
      const p = (top * width + left) * 3;
      const q = p + next;
      target[at] = pixels[p] * d00 + pixels[p + 3] * d10 + pixels[q] * d01 + pixels[q + 3] * d11;
      target[at + 1] = pixels[p + 1] * d00 + pixels[p + 4] * d10 + pixels[q + 1] * d01 + pixels[q + 4] * d11;
      target[at + 2] = pixels[p + 2] * d00 + pixels[p + 5] * d10 + pixels[q + 2] * d01 + pixels[q + 5] * d11;
    }
  }
}

/** A pixel in the unit that places are counted in. */
const UNIT = 65536;
/** Longest side whose places fit into 31 bits. */
const MOST_PIXELS = 32768;
/** Kernels count the bytes of a row in 16 bits. */
const MOST_KERNEL_PIXELS = 10922;
/** R and B of a word; G is its second byte, and the fourth belongs to the next pixel. */
const RED_BLUE = 0x00ff00ff;

interface Steps {
  words: DataView;
  width: number;
  samples: number;
  share: number;
  /** From a sample to the next in the crop's row, in the picture. */
  alongX: number;
  alongY: number;
  /** From a sample to the one below it in the crop, in the picture. */
  acrossX: number;
  acrossY: number;
}

/** One row of the crop, from place (x, y) on. Four and nine samples are written out: a loop of two takes twice the time. */
type SumRow = (
  steps: Steps,
  x: number,
  y: number,
  target: Float32Array,
  offset: number,
  size: number,
) => void;

const sumOfFour: SumRow = (steps, x, y, target, offset, size) => {
  const { words, width, alongX, alongY, acrossX, acrossY } = steps;
  for (let at = offset; at < offset + size * 3; at += 3) {
    const p = words.getUint32(((y >> 16) * width + (x >> 16)) * 3, true);
    const q = words.getUint32((((y + acrossY) >> 16) * width + ((x + acrossX) >> 16)) * 3, true);
    x += alongX;
    y += alongY;
    const r = words.getUint32(((y >> 16) * width + (x >> 16)) * 3, true);
    const s = words.getUint32((((y + acrossY) >> 16) * width + ((x + acrossX) >> 16)) * 3, true);
    x += alongX;
    y += alongY;
    const redBlue = (p & RED_BLUE) + (q & RED_BLUE) + (r & RED_BLUE) + (s & RED_BLUE);
    const green = ((p >>> 8) & 255) + ((q >>> 8) & 255) + ((r >>> 8) & 255) + ((s >>> 8) & 255);
    target[at] = (redBlue & 0xffff) * 0.25;
    target[at + 1] = green * 0.25;
    target[at + 2] = (redBlue >>> 16) * 0.25;
  }
};

const sumOfNine: SumRow = (steps, x, y, target, offset, size) => {
  const { words, width, share, alongX, alongY, acrossX, acrossY } = steps;
  for (let at = offset; at < offset + size * 3; at += 3) {
    let redBlue = 0;
    let green = 0;
    for (let sample = 0; sample < 3; sample += 1, x += alongX, y += alongY) {
      const p = words.getUint32(((y >> 16) * width + (x >> 16)) * 3, true);
      const q = words.getUint32((((y + acrossY) >> 16) * width + ((x + acrossX) >> 16)) * 3, true);
      const r = words.getUint32((((y + 2 * acrossY) >> 16) * width + ((x + 2 * acrossX) >> 16)) * 3, true);
      redBlue += (p & RED_BLUE) + (q & RED_BLUE) + (r & RED_BLUE);
      green += ((p >>> 8) & 255) + ((q >>> 8) & 255) + ((r >>> 8) & 255);
    }
    target[at] = (redBlue & 0xffff) * share;
    target[at + 1] = green * share;
    target[at + 2] = (redBlue >>> 16) * share;
  }
};

const sumOfSquare: SumRow = (steps, x, y, target, offset, size) => {
  const { words, width, samples, share, alongX, alongY, acrossX, acrossY } = steps;
  for (let at = offset; at < offset + size * 3; at += 3) {
    let redBlue = 0;
    let green = 0;
    for (let along = 0; along < samples; along += 1, x += alongX, y += alongY)
      for (let across = 0, u = x, v = y; across < samples; across += 1, u += acrossX, v += acrossY) {
        const pixel = words.getUint32(((v >> 16) * width + (u >> 16)) * 3, true);
        redBlue += pixel & RED_BLUE;
        green += (pixel >>> 8) & 255;
      }
    target[at] = (redBlue & 0xffff) * share;
    target[at + 1] = green * share;
    target[at + 2] = (redBlue >>> 16) * share;
  }
};

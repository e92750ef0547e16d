import type { Picture } from '../frames/frame.js';
import { averageInside, interpolateInside, isInside } from './crop-inside.js';
import type { Transform } from './transform.js';

/**
 * Cuts a square out of the picture under a transform. Where that shrinks, evenly spaced samples, at least one a
 * pixel of the picture, are averaged, so that fine detail does not turn into noise; where it does not, each
 * pixel is interpolated bilinearly. Where the crop reaches over the picture's edge, the outermost pixels go on: a
 * black wedge in a chip moves the embedding, a smear hardly does.
 *
 * @param size side of the crop, pixels
 * @param target receives size x size x 3 numbers, 0..255, from `offset` on
 * @param spacing pixels of the picture between two samples at most, where it shrinks
 */
export function crop(
  picture: Picture,
  transform: Transform,
  size: number,
  target: Float32Array,
  offset: number,
  spacing = 1,
): void {
  const { a, b, c, d } = transform;
  // Pixels of the picture a pixel of the crop.
  const scale = Math.sqrt(Math.abs(a * d - b * c));
  const samples = Math.ceil(scale / spacing);
  const inside = samples <= MOST_SAMPLES && isInside(picture, transform, size);
  if (scale > LEAST_SHRINK)
    (inside ? averageInside : average)(picture, transform, size, target, offset, samples);
  else (inside ? interpolateInside : interpolate)(picture, transform, size, target, offset);
}

const LEAST_SHRINK = 1.25;
/** averageInside has room for no more. */
const MOST_SAMPLES = 16;

function average(
  { pixels, width, height }: Picture,
  { a, b, c, d, x0, y0 }: Transform,
  size: number,
  target: Float32Array,
  offset: number,
  samples: number,
): void {
  const share = 1 / (samples * samples);
  const step = 1 / samples;
  for (let row = 0, at = offset; row < size; row += 1)
    for (let column = 0; column < size; column += 1, at += 3) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let v = row + step / 2; v < row + 1; v += step)
        for (let u = column + step / 2; u < column + 1; u += step) {
          const x = within(Math.floor(a * u + b * v + x0), width);
          const y = within(Math.floor(c * u + d * v + y0), height);
          const pixel = (y * width + x) * 3;
          red += pixels[pixel];
          green += pixels[pixel + 1];
          blue += pixels[pixel + 2];
        }
      target[at] = red * share;
      target[at + 1] = green * share;
      target[at + 2] = blue * share;
    }
}

function interpolate(
  { pixels, width, height }: Picture,
  { a, b, c, d, x0, y0 }: Transform,
  size: number,
  target: Float32Array,
  offset: number,
): void {
  for (let row = 0, at = offset; row < size; row += 1)
    for (let column = 0; column < size; column += 1, at += 3) {
      const x = a * (column + 0.5) + b * (row + 0.5) + x0 - 0.5;
      const y = c * (column + 0.5) + d * (row + 0.5) + y0 - 0.5;
      const left = Math.floor(x);
      const top = Math.floor(y);
      const right = x - left;
      const below = y - top;
      const near = within(left, width);
      const far = within(left + 1, width);
      const upper = within(top, height) * width;
      const lower = within(top + 1, height) * width;
      for (let channel = 0; channel < 3; channel += 1) {
        const above =
          pixels[(upper + near) * 3 + channel] * (1 - right) + pixels[(upper + far) * 3 + channel] * right;
        const under =
          pixels[(lower + near) * 3 + channel] * (1 - right) + pixels[(lower + far) * 3 + channel] * right;
        target[at + channel] = above * (1 - below) + under * below;
      }
    }
}

/** The nearest pixel of a side of `length` pixels. */
function within(pixel: number, length: number): number {
  return pixel < 0 ? 0 : pixel < length ? pixel : length - 1;
}

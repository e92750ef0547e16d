import type { Picture } from '../frames/frame.js';

/**
 * From a crop's coordinates (u, v) to the picture's: x = a u + b v + x0, y = c u + d v + y0. Both in pixels, a pixel's
 * centre at half.
 */
export interface Transform {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly x0: number;
  readonly y0: number;
}

/** Where a point of the crop lies in the picture. */
export function place({ a, b, c, d, x0, y0 }: Transform, u: number, v: number): [x: number, y: number] {
  return [a * u + b * v + x0, c * u + d * v + y0];
}

/**
 * Cuts a square out of the picture under a transform, interpolating bilinearly. Where that shrinks, several samples a pixel
 * are averaged, so that fine detail does not turn into noise. What lies outside the picture is black.
 *
 * @param size side of the crop, pixels
 * @param target receives size x size x 3 numbers, 0..255, from `offset` on
 */
export function crop(
  picture: Picture,
  transform: Transform,
  size: number,
  target: Float32Array,
  offset: number,
): void {
  const { a, b, c, d } = transform;
  const { pixels, width, height } = picture;
  // Picture pixels a crop pixel, and so many samples each way.
  const scale = Math.sqrt(Math.abs(a * d - b * c));
  const samples = Math.min(MOST_SAMPLES, Math.max(1, Math.ceil(scale - 0.25)));
  const share = 1 / (samples * samples);
  const stride = width * 3;

  for (let row = 0, at = offset; row < size; row += 1)
    for (let column = 0; column < size; column += 1, at += 3) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let down = 0; down < samples; down += 1)
        for (let across = 0; across < samples; across += 1) {
          const u = column + (across + 0.5) / samples;
          const v = row + (down + 0.5) / samples;
          const x = a * u + b * v + transform.x0 - 0.5;
          const y = c * u + d * v + transform.y0 - 0.5;
          if (x <= -1 || y <= -1 || x >= width || y >= height) continue;
          const left = Math.floor(x);
          const top = Math.floor(y);
          const right = x - left;
          const below = y - top;
          // At the edge the outermost pixel goes on for the half that lies outside.
          const near = left < 0 ? 0 : left * 3;
          const far = left + 1 >= width ? near : (left + 1) * 3;
          const upper = top < 0 ? 0 : top * stride;
          const lower = top + 1 >= height ? upper : (top + 1) * stride;
          const w00 = (1 - right) * (1 - below);
          const w10 = right * (1 - below);
          const w01 = (1 - right) * below;
          const w11 = right * below;
          const i00 = upper + near;
          const i10 = upper + far;
          const i01 = lower + near;
          const i11 = lower + far;
          red += pixels[i00] * w00 + pixels[i10] * w10 + pixels[i01] * w01 + pixels[i11] * w11;
          green +=
            pixels[i00 + 1] * w00 + pixels[i10 + 1] * w10 + pixels[i01 + 1] * w01 + pixels[i11 + 1] * w11;
          blue +=
            pixels[i00 + 2] * w00 + pixels[i10 + 2] * w10 + pixels[i01 + 2] * w01 + pixels[i11 + 2] * w11;
        }
      target[at] = red * share;
      target[at + 1] = green * share;
      target[at + 2] = blue * share;
    }
}

/** A face fills a chip of 150 at 600 pixels with so many; larger ones are sampled a little more thinly. */
const MOST_SAMPLES = 4;

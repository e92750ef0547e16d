import type { Picture } from '../frames/frame.js';

/**
 * Draws `picture`, scaled to `width` x `height`, into the top left of a canvas of `canvasWidth` pixels a row. Shrinking averages
 * over the area that each pixel covers, so that nothing small flickers in and out; enlarging interpolates bilinearly.
 * Rows first, then columns: each pixel of the picture is read a little more than once.
 *
 * @param canvas receives R, G and B as 0..255; what lies outside the drawing is left as it is
 */
export function shrink(
  picture: Picture,
  width: number,
  height: number,
  canvas: Float32Array,
  canvasWidth: number,
): void {
  const columns = taps(picture.width, width);
  const rows = taps(picture.height, height);
  const stride = picture.width * 3;
  const line = new Float32Array(stride);
  const { pixels } = picture;

  for (let y = 0; y < height; y += 1) {
    const from = rows.start[y];
    const until = rows.start[y + 1];
    for (let tap = from; tap < until; tap += 1) {
      const weight = rows.weight[tap];
      const source = rows.index[tap] * stride;
      if (tap === from) for (let i = 0; i < stride; i += 1) line[i] = weight * pixels[source + i];
      else for (let i = 0; i < stride; i += 1) line[i] += weight * pixels[source + i];
    }
    let target = y * canvasWidth * 3;
    for (let x = 0; x < width; x += 1) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let tap = columns.start[x]; tap < columns.start[x + 1]; tap += 1) {
        const weight = columns.weight[tap];
        const source = columns.index[tap] * 3;
        red += weight * line[source];
        green += weight * line[source + 1];
        blue += weight * line[source + 2];
      }
      canvas[target] = red;
      canvas[target + 1] = green;
      canvas[target + 2] = blue;
      target += 3;
    }
  }
}

/** Which source pixels make up each target pixel: those from `start[i]` to before `start[i + 1]`. */
interface Taps {
  readonly start: Uint32Array;
  readonly index: Uint32Array;
  readonly weight: Float32Array;
}

function taps(source: number, target: number): Taps {
  const start = new Uint32Array(target + 1);
  const index: number[] = [];
  const weight: number[] = [];
  const ratio = source / target;
  for (let i = 0; i < target; i += 1) {
    start[i] = index.length;
    if (ratio >= 1) {
      const from = i * ratio;
      const until = Math.min(from + ratio, source);
      for (let pixel = Math.floor(from); pixel < until; pixel += 1) {
        const covered = Math.min(pixel + 1, until) - Math.max(pixel, from);
        if (covered < 1e-6) continue;
        index.push(pixel);
        weight.push(covered / ratio);
      }
    } else {
      const centre = Math.min(Math.max((i + 0.5) * ratio - 0.5, 0), source - 1);
      const pixel = Math.min(Math.floor(centre), Math.max(source - 2, 0));
      const part = centre - pixel;
      index.push(pixel);
      weight.push(1 - part);
      if (part > 0) {
        index.push(pixel + 1);
        weight.push(part);
      }
    }
  }
  start[target] = index.length;
  return { start, index: Uint32Array.from(index), weight: Float32Array.from(weight) };
}

import type { Picture } from '../frames/frame.js';
import type { Box } from './face.js';
import { kernelsOver, tables } from './kernels/kernels.js';
import { shrinkToQuarter } from './shrink-quarter.js';

/**
 * Draws `region` of a picture, scaled to `width` x `height`, into the top left of a canvas of `canvasWidth` pixels a row. Shrinking to
 * two thirds or less averages evenly spaced samples, about one a pixel of the picture, so that nothing small
 * flickers in and out; anything else interpolates bilinearly. Averaging by exact area gives the same faces and
 * takes three times as long.
 *
 * @param canvas receives R, G and B as 0..255; what lies outside the drawing is left as it is
 */
export function shrink(
  picture: Picture,
  region: Box,
  width: number,
  height: number,
  canvas: Float32Array,
  canvasWidth: number,
): void {
  const samples = Math.round(Math.max(region.width / width, region.height / height));
  if (shrinkToQuarter(picture, region, width, height, canvas, canvasWidth)) return;
  if (samples > 1 && averageInKernels(picture, region, width, height, canvas, canvasWidth, samples)) return;
  if (samples === 2) averageFour(picture, region, width, height, canvas, canvasWidth);
  else if (samples > 2) average(picture, region, width, height, canvas, canvasWidth, samples);
  else interpolate(picture, region, width, height, canvas, canvasWidth);
}

/** Offsets of `count` evenly spaced samples for each of `target` pixels along a side, times `step`. */
function spread(from: number, source: number, target: number, count: number, step: number): Uint32Array {
  const offsets = new Uint32Array(target * count);
  const between = source / offsets.length;
  for (let i = 0; i < offsets.length; i += 1) offsets[i] = Math.floor(from + (i + 0.5) * between) * step;
  return offsets;
}

/** @returns false, and nothing is drawn, where the kernels cannot: they are not there, or the samples are too many */
function averageInKernels(
  { pixels, width: across }: Picture,
  region: Box,
  width: number,
  height: number,
  canvas: Float32Array,
  canvasWidth: number,
  samples: number,
): boolean {
  const kernels = kernelsOver(pixels, canvas);
  const count = (width + height) * samples;
  if (!kernels || samples > MOST_SAMPLES || tables.samples + count * 4 > tables.end) return false;
  const places = new Uint32Array(canvas.buffer, tables.samples, count);
  places.set(spread(region.x, region.width, width, samples, 3));
  places.set(spread(region.y, region.height, height, samples, across * 3), width * samples);
  const rows = tables.samples + width * samples * 4;
  const { byteOffset } = canvas;
  // prettier-ignore
  kernels.averageSamples(pixels.byteOffset, tables.samples, rows, samples, width, height, byteOffset, canvasWidth * 12);
  return true;
}

/** Sums of the kernels are 16 bits wide. */
const MOST_SAMPLES = 16;

/** What every live frame of a common camera goes through, so its loops are written out. */
function averageFour(
  picture: Picture,
  region: Box,
  width: number,
  height: number,
  canvas: Float32Array,
  across: number,
): void {
  const { pixels } = picture;
  const columns = spread(region.x, region.width, width, 2, 3);
  const rows = spread(region.y, region.height, height, 2, picture.width * 3);
  for (let y = 0; y < height; y += 1) {
    const upper = rows[2 * y];
    const lower = rows[2 * y + 1];
    for (let x = 0, target = y * across * 3; x < width; x += 1, target += 3) {
      const a = upper + columns[2 * x];
      const b = upper + columns[2 * x + 1];
      const c = lower + columns[2 * x];
      const d = lower + columns[2 * x + 1];
      canvas[target] = (pixels[a] + pixels[b] + pixels[c] + pixels[d]) * 0.25;
      canvas[target + 1] = (pixels[a + 1] + pixels[b + 1] + pixels[c + 1] + pixels[d + 1]) * 0.25;
      canvas[target + 2] = (pixels[a + 2] + pixels[b + 2] + pixels[c + 2] + pixels[d + 2]) * 0.25;
    }
  }
}

function average(
  picture: Picture,
  region: Box,
  width: number,
  height: number,
  canvas: Float32Array,
  across: number,
  samples: number,
): void {
  const { pixels } = picture;
  const columns = spread(region.x, region.width, width, samples, 3);
  const rows = spread(region.y, region.height, height, samples, picture.width * 3);
  const share = 1 / (samples * samples);
  for (let y = 0; y < height; y += 1)
    for (let x = 0, target = y * across * 3; x < width; x += 1, target += 3) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let row = y * samples; row < (y + 1) * samples; row += 1)
        for (let column = x * samples; column < (x + 1) * samples; column += 1) {
          const at = rows[row] + columns[column];
          red += pixels[at];
          green += pixels[at + 1];
          blue += pixels[at + 2];
        }
      canvas[target] = red * share;
      canvas[target + 1] = green * share;
      canvas[target + 2] = blue * share;
    }
}

function interpolate(
  picture: Picture,
  region: Box,
  width: number,
  height: number,
  canvas: Float32Array,
  across: number,
): void {
  const { pixels } = picture;
  const columns = between(region.x, region.width, width, picture.width, 3);
  const rows = between(region.y, region.height, height, picture.height, picture.width * 3);
  for (let y = 0; y < height; y += 1) {
    const below = rows.part[y];
    for (let x = 0, target = y * across * 3; x < width; x += 1, target += 3) {
      const right = columns.part[x];
      for (let channel = 0; channel < 3; channel += 1) {
        const left = columns.first[x] + channel;
        const next = columns.second[x] + channel;
        const upper = pixels[rows.first[y] + left] * (1 - right) + pixels[rows.first[y] + next] * right;
        const lower = pixels[rows.second[y] + left] * (1 - right) + pixels[rows.second[y] + next] * right;
        canvas[target + channel] = upper * (1 - below) + lower * below;
      }
    }
  }
}

/** For each target pixel the two source pixels it lies between, times `step`, and the second one's part. */
function between(from: number, source: number, target: number, all: number, step: number) {
  const first = new Uint32Array(target);
  const second = new Uint32Array(target);
  const part = new Float32Array(target);
  for (let i = 0; i < target; i += 1) {
    const at = Math.min(Math.max(from + ((i + 0.5) * source) / target - 0.5, 0), all - 1);
    first[i] = Math.floor(at) * step;
    second[i] = Math.min(Math.floor(at) + 1, all - 1) * step;
    part[i] = at - Math.floor(at);
  }
  return { first, second, part };
}

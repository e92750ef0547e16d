import type { Picture } from '../frames/frame.js';
import type { Box } from './face.js';
import { kernelsOver } from './kernels/kernels.js';

/**
 * Draws `region` of a picture at exactly a quarter of its size: each pixel is the mean of sixteen. It is what a live frame of a common
 * camera goes through, so the bytes are read and added up four at a time, in the halves of words.
 *
 * @param canvas receives R, G and B as 0..255
 * @param canvasWidth pixels a row of the canvas
 * @returns false, and nothing is drawn, where that cannot be done: another size, or rows that do not begin at whole words
 */
export function shrinkToQuarter(
  { width: across, pixels }: Picture,
  region: Box,
  width: number,
  height: number,
  canvas: Float32Array,
  canvasWidth: number,
): boolean {
  if (region.width !== 4 * width || region.height !== 4 * height) return false;
  const start = (region.y * across + region.x) * 3;
  if (!Number.isInteger(region.x) || !Number.isInteger(region.y) || start % 4 || (across * 3) % 4)
    return false;
  if (pixels.byteOffset % 4) return false;
  const kernels = kernelsOver(pixels, canvas);
  if (kernels) {
    const place = pixels.byteOffset + start;
    kernels.quarter(place, across * 3, width, height, canvas.byteOffset, canvasWidth * 12);
    return true;
  }
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.byteLength >> 2);
  const line = (across * 3) / 4;
  for (let y = 0; y < height; y += 1) {
    let p = start / 4 + y * 4 * line;
    for (let target = y * canvasWidth * 3, end = target + width * 3; target < end; target += 3, p += 3) {
      const q = p + line;
      const r = q + line;
      const s = r + line;
      // Four pixels are three words: R0 G0 B0 R1, G1 B1 R2 G2 and B2 R3 G3 B3, the first byte lowest.
      const a = words[p];
      const b = words[q];
      const c = words[r];
      const d = words[s];
      const e = words[p + 1];
      const f = words[q + 1];
      const g = words[r + 1];
      const h = words[s + 1];
      const i = words[p + 2];
      const j = words[q + 2];
      const k = words[r + 2];
      const l = words[s + 2];
      const red0Blue0 = (a & EVEN) + (b & EVEN) + (c & EVEN) + (d & EVEN);
      const green0Red1 = ((a >>> 8) & EVEN) + ((b >>> 8) & EVEN) + ((c >>> 8) & EVEN) + ((d >>> 8) & EVEN);
      const green1Red2 = (e & EVEN) + (f & EVEN) + (g & EVEN) + (h & EVEN);
      const blue1Green2 = ((e >>> 8) & EVEN) + ((f >>> 8) & EVEN) + ((g >>> 8) & EVEN) + ((h >>> 8) & EVEN);
      const blue2Green3 = (i & EVEN) + (j & EVEN) + (k & EVEN) + (l & EVEN);
      const red3Blue3 = ((i >>> 8) & EVEN) + ((j >>> 8) & EVEN) + ((k >>> 8) & EVEN) + ((l >>> 8) & EVEN);
      canvas[target] =
        ((red0Blue0 & LOW) + (green0Red1 >>> 16) + (green1Red2 >>> 16) + (red3Blue3 & LOW)) * SHARE;
      canvas[target + 1] =
        ((green0Red1 & LOW) + (green1Red2 & LOW) + (blue1Green2 >>> 16) + (blue2Green3 >>> 16)) * SHARE;
      canvas[target + 2] =
        ((red0Blue0 >>> 16) + (blue1Green2 & LOW) + (blue2Green3 & LOW) + (red3Blue3 >>> 16)) * SHARE;
    }
  }
  return true;
}

/** The first and third byte of a word. */
const EVEN = 0x00ff00ff;
const LOW = 0xffff;
const SHARE = 1 / 16;

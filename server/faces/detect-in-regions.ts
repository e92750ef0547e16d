import type { Picture } from '../frames/frame.js';
import type { Box } from './face.js';
import { suppress, type Detection } from './suppress.js';

/**
 * Looks for faces in parts of a picture only, each at the scale at which the whole would be looked at: it finds what a
 * look at the whole would have found there, at the part's share of the cost.
 *
 * @param look finds faces in a picture whose longer side is shown to the detector as `inputSize` pixels
 * @param regions pixels of the picture; what reaches over its edges is cut off
 * @param inputSize longer side of what the detector is shown of the whole picture, pixels
 */
export async function detectInRegions(
  look: (part: Picture, inputSize: number) => Promise<Detection[]>,
  picture: Picture,
  regions: readonly Box[],
  inputSize: number,
): Promise<Detection[]> {
  const found: Detection[] = [];
  const scale = inputSize / Math.max(picture.width, picture.height);
  // On whole pixels of what is shown: shrinking by a whole number is much the fastest.
  const step = Number.isInteger(1 / scale) ? 1 / scale : 1;
  for (const region of regions) {
    const part = cut(picture, region, step);
    if (!part) continue;
    const { x, y, ...piece } = part;
    const size = Math.max(LEAST_INPUT, Math.round(Math.max(piece.width, piece.height) * scale));
    for (const { box, score } of await look(piece, size))
      found.push({ box: { ...box, x: box.x + x, y: box.y + y }, score });
  }
  return suppress(found, MAX_OVERLAP);
}

/** The detector's coarsest cell is 32 pixels: less than a few of them show no face. */
const LEAST_INPUT = 160;
const MAX_OVERLAP = 0.4;

/**
 * A copy of a part of the picture, and where it lies; null where nothing of it is inside.
 *
 * @param step its edges are multiples of this where the picture's are, pixels
 */
function cut(picture: Picture, region: Box, step: number): (Picture & { x: number; y: number }) | null {
  const before = (at: number): number => Math.max(0, Math.floor(at / step) * step);
  const after = (at: number): number => Math.ceil(at / step) * step;
  const x = before(region.x);
  const y = before(region.y);
  const width = Math.min(picture.width, after(region.x + region.width)) - x;
  const height = Math.min(picture.height, after(region.y + region.height)) - y;
  if (width <= 0 || height <= 0) return null;
  const pixels = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row += 1) {
    const start = ((y + row) * picture.width + x) * 3;
    pixels.set(picture.pixels.subarray(start, start + width * 3), row * width * 3);
  }
  return { x, y, width, height, pixels };
}

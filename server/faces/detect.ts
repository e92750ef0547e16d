import { tinyAnchors } from '../../models/tiny-detector.js';
import type { Picture } from '../frames/frame.js';
import type { Runner } from './engine.js';
import { shrink } from './shrink.js';
import { suppress, type Detection } from './suppress.js';

export interface DetectOptions {
  /** Longer side of what the detector looks at, pixels; a smaller picture is not enlarged. */
  inputSize: number;
  /** Detections below this score are dropped, 0..1. */
  minScore: number;
  /** Faces narrower than this are dropped, pixels of the picture. */
  minFace: number;
}

/**
 * Finds faces with the tiny detector. The picture is shrunk, never squeezed, and what is missing to a multiple
 * of 32 is black. Best score first.
 */
export async function detect(runner: Runner, picture: Picture, options: DetectOptions): Promise<Detection[]> {
  const scale = Math.min(1, options.inputSize / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const size = { width: cells(width) * CELL, height: cells(height) * CELL };
  const canvas = new Float32Array(size.width * size.height * 3);
  shrink(picture, width, height, canvas, size.width);
  const [map] = await runner.run(canvas, 1, size);
  const found = decode(map, size.width / CELL, options.minScore, {
    x: picture.width / width,
    y: picture.height / height,
  });
  return suppress(
    found.filter(({ box }) => box.width >= options.minFace),
    MAX_OVERLAP,
  );
}

/**
 * Reads the detector's map: an anchor's box is centred in its cell by sigmoids and sized by exponentials
 * (YOLO v2, Redmon and Farhadi 2017, section 2).
 */
function decode(
  map: Float32Array,
  across: number,
  minScore: number,
  scale: { x: number; y: number },
): Detection[] {
  const found: Detection[] = [];
  // Scores are compared before the sigmoid: nearly all of them are far below.
  const least = Math.log(minScore / (1 - minScore));
  for (let offset = 0, box = 0; offset < map.length; offset += 5, box += 1) {
    if (map[offset + 4] < least) continue;
    const cell = Math.floor(box / tinyAnchors.length);
    const [anchorWidth, anchorHeight] = tinyAnchors[box % tinyAnchors.length];
    const width = Math.exp(map[offset + 2]) * anchorWidth * CELL * scale.x;
    const height = Math.exp(map[offset + 3]) * anchorHeight * CELL * scale.y;
    const x = ((cell % across) + sigmoid(map[offset])) * CELL * scale.x;
    const y = (Math.floor(cell / across) + sigmoid(map[offset + 1])) * CELL * scale.y;
    found.push({
      box: { x: x - width / 2, y: y - height / 2, width, height },
      score: sigmoid(map[offset + 4]),
    });
  }
  return found;
}

const CELL = 32;
const MAX_OVERLAP = 0.4;

function cells(length: number): number {
  return Math.ceil(length / CELL);
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

import { tinyAnchors } from '../../models/tiny-detector.js';
import type { Picture } from '../frames/frame.js';
import type { Runner } from './engine.js';
import { shrink } from './shrink.js';
import { stretch } from './stretch.js';
import { suppress, type Detection } from './suppress.js';

export interface DetectOptions {
  /** Longer side of what the detector looks at, pixels; a picture is enlarged by half at most. */
  inputSize: number;
  /** Detections below this score are dropped, 0..1. */
  minScore: number;
  /** Faces narrower than this are dropped, pixels of the picture. */
  minFace: number;
}

/**
 * Finds faces with the tiny detector, which looks twice: at `inputSize`, and at about half of it, where it sees the near
 * faces that it misses at the larger size. Best score first.
 */
export async function detect(runner: Runner, picture: Picture, options: DetectOptions): Promise<Detection[]> {
  const longer = Math.min(options.inputSize, MOST_ENLARGED * Math.max(picture.width, picture.height));
  const found: Detection[] = [];
  for (const size of [longer, Math.max(LEAST_SIZE, Math.round((longer * SECOND_LOOK) / CELL) * CELL)])
    found.push(...(await look(runner, picture, size, options.minScore)));
  return suppress(
    found.filter(({ box }) => box.width >= options.minFace),
    MAX_OVERLAP,
  );
}

/**
 * One look at the picture, scaled so that its longer side is `longer` pixels. Never squeezed; what is missing to a
 * multiple of 32 is black.
 */
async function look(
  runner: Runner,
  picture: Picture,
  longer: number,
  minScore: number,
): Promise<Detection[]> {
  const scale = longer / Math.max(picture.width, picture.height);
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const size = { width: cells(width) * CELL, height: cells(height) * CELL };
  const canvas = new Float32Array(size.width * size.height * 3);
  shrink(picture, width, height, canvas, size.width);
  stretch(canvas, size.width, width, height);
  const [map] = await runner.run(canvas, 1, size);
  return decode(map, size.width / CELL, minScore, { x: picture.width / width, y: picture.height / height });
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
const SECOND_LOOK = 0.53;
const LEAST_SIZE = 128;
/** Small pictures hold small faces, which it finds a little larger. */
const MOST_ENLARGED = 1.5;

function cells(length: number): number {
  return Math.ceil(length / CELL);
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

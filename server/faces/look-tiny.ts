import { tinyAnchors } from '../../models/tiny-detector.js';
import { inPicture, type Drawing } from './draw.js';
import type { Runner } from './engine.js';
import type { Detection } from './suppress.js';

/**
 * What the tiny detector sees in a drawing whose sides are multiples of TINY_CELL, overlapping detections and all.
 * Reads its map: an anchor's box is centred in its cell by sigmoids and sized by exponentials (YOLO v2, Redmon and
 * Farhadi 2017, section 2).
 *
 * @param minScore detections below it are dropped, 0..1
 */
export async function lookTiny(runner: Runner, drawing: Drawing, minScore: number): Promise<Detection[]> {
  const [map] = await runner.run(drawing.canvas, 1, drawing.size);
  const across = drawing.size.width / TINY_CELL;
  const found: Detection[] = [];
  // Scores are compared before the sigmoid: nearly all of them are far below.
  const least = Math.log(minScore / (1 - minScore));
  for (let offset = 0, box = 0; offset < map.length; offset += 5, box += 1) {
    if (map[offset + 4] < least) continue;
    const cell = Math.floor(box / tinyAnchors.length);
    const [anchorWidth, anchorHeight] = tinyAnchors[box % tinyAnchors.length];
    const width = Math.exp(map[offset + 2]) * anchorWidth * TINY_CELL;
    const height = Math.exp(map[offset + 3]) * anchorHeight * TINY_CELL;
    const x = ((cell % across) + sigmoid(map[offset])) * TINY_CELL;
    const y = (Math.floor(cell / across) + sigmoid(map[offset + 1])) * TINY_CELL;
    found.push({
      box: inPicture(drawing, { x, y, width, height }),
      score: sigmoid(map[offset + 4]),
    });
  }
  return found;
}

/** Side of the cells in which the tiny detector answers, pixels. */
export const TINY_CELL = 32;

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

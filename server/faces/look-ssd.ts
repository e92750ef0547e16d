import { SSD_ANCHORS, SSD_INPUT } from '../../models/ssd-mobilenet.js';
import type { Weights } from '../../models/weights.js';
import { inPicture, type Drawing } from './draw.js';
import type { Runner } from './engine.js';
import type { Detection } from './suppress.js';

/** SSD MobileNet, compiled. */
export interface Ssd {
  runner: Runner;
  /** 5118 x 4, as the weights hold them for 512x512: top, left, bottom, right in parts of the input's side. */
  anchors: Float32Array;
}

/** The anchors among the weights of the SSD network. */
export function ssdAnchors(weights: Weights): Float32Array {
  return weights.get(SSD_ANCHORS)!.values;
}

/**
 * What SSD sees in a drawing whose sides are multiples of SSD_CELL, overlapping detections and all.
 *
 * @param minScore detections below it are dropped, 0..1
 */
export async function lookSsd(
  { runner, anchors }: Ssd,
  drawing: Drawing,
  minScore: number,
): Promise<Detection[]> {
  const [offsets, scores] = await runner.run(drawing.canvas, 1, drawing.size);
  const found: Detection[] = [];
  const least = Math.log(minScore / (1 - minScore));
  let box = 0;
  for (const { across, down, stride, shiftX, shiftY, shapes } of maps(anchors, drawing.size))
    for (let row = 0; row < down; row += 1)
      for (let column = 0; column < across; column += 1)
        for (const [width, height] of shapes) {
          const score = scores[box * 3 + 1];
          if (score >= least) {
            // An anchor moved and resized by its offsets (SSD, eq. 2, with variances 0.1 and 0.2).
            const [dy, dx, dh, dw] = offsets.subarray(box * 4, box * 4 + 4) as unknown as Four;
            const middle = {
              x: (column + 0.5) * stride + shiftX + (dx / 10) * width,
              y: (row + 0.5) * stride + shiftY + (dy / 10) * height,
            };
            const size = { width: Math.exp(dw / 5) * width, height: Math.exp(dh / 5) * height };
            found.push({
              box: inPicture(drawing, { ...middle, ...size }),
              score: 1 / (1 + Math.exp(-score)),
            });
          }
          box += 1;
        }
  return found;
}

/** The sides of what SSD looks at are multiples of this, pixels. */
export const SSD_CELL = 32;

type Four = [number, number, number, number];

/** Side of the first map's cells, pixels. */
const FIRST_STRIDE = 16;
/** Anchors a cell in each map. */
const ANCHORS = [3, 6, 6, 6, 6, 6];

/**
 * The maps in which SSD answers. The weights hold the anchors of 512x512 only, but every cell of a map has the same
 * shapes, in pixels, at its middle: so it is for any other size.
 */
function maps(anchors: Float32Array, size: { width: number; height: number }) {
  let across = size.width / FIRST_STRIDE;
  let down = size.height / FIRST_STRIDE;
  let trained = SSD_INPUT / FIRST_STRIDE;
  let stride = FIRST_STRIDE;
  let shiftX = 0;
  let shiftY = 0;
  let first = 0;
  return ANCHORS.map((count) => {
    const shapes = Array.from({ length: count }, (_, i): [width: number, height: number] => {
      const [top, left, bottom, right] = anchors.subarray((first + i) * 4) as unknown as Four;
      return [(right - left) * SSD_INPUT, (bottom - top) * SSD_INPUT];
    });
    const map = { across, down, stride, shiftX, shiftY, shapes };
    first += trained * trained * count;
    trained /= 2;
    // It was trained on maps of even sides, padded at the far end; an odd side is padded at both, a cell earlier.
    if (across % 2 && across > 1) shiftX -= stride;
    if (down % 2 && down > 1) shiftY -= stride;
    across = Math.ceil(across / 2);
    down = Math.ceil(down / 2);
    stride *= 2;
    return map;
  });
}

import { SSD_ANCHORS, SSD_INPUT } from '../../models/ssd-mobilenet.js';
import type { Weights } from '../../models/weights.js';
import type { Picture } from '../frames/frame.js';
import type { Box } from './face.js';
import { detect } from './detect.js';
import type { Runner } from './engine.js';
import { shrink } from './shrink.js';
import { stretch } from './stretch.js';
import { suppress, type Detection } from './suppress.js';

/** What finds faces in photos. */
export interface PhotoDetector {
  tiny: Runner;
  ssd: Runner;
  /** 5118 x 4: top, left, bottom, right in parts of the input. */
  anchors: Float32Array;
}

/** The anchors among the weights of the SSD network. */
export function ssdAnchors(weights: Weights): Float32Array {
  return weights.get(SSD_ANCHORS)!.values;
}

/**
 * Finds faces in a photo that is all there is: SSD MobileNet, which is surer, and where that finds nothing the tiny
 * detector at two scales. Faces of any size come back, so that a photo whose face is too small can be told from one
 * without. Best score first.
 */
export async function detectPhoto(detector: PhotoDetector, picture: Picture): Promise<Detection[]> {
  const surer = await detectSsd(detector, picture);
  if (surer.length > 0) return surer;
  const found: Detection[] = [];
  const longer = Math.max(picture.width, picture.height);
  // Not enlarged: what SSD misses are mostly heads that fill the photo.
  for (const inputSize of [608, 320].map((size) => Math.min(size, longer)))
    found.push(...(await detect(detector.tiny, picture, { inputSize, minScore: 0.5, minFace: 0 })));
  return suppress(found, MAX_OVERLAP);
}

async function detectSsd({ ssd, anchors }: PhotoDetector, picture: Picture): Promise<Detection[]> {
  const scale = SSD_INPUT / Math.max(picture.width, picture.height);
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = new Float32Array(SSD_INPUT * SSD_INPUT * 3);
  shrink(picture, width, height, canvas, SSD_INPUT);
  stretch(canvas, SSD_INPUT, width, height);
  const [offsets, scores] = await ssd.run(canvas, 1);
  const found: Detection[] = [];
  for (let box = 0; box * 4 < anchors.length; box += 1) {
    const score = 1 / (1 + Math.exp(-scores[box * 3 + 1]));
    if (score < MIN_SCORE) continue;
    const { x, y, ...size } = decode(anchors, offsets, box * 4);
    const across = (SSD_INPUT / width) * picture.width;
    const down = (SSD_INPUT / height) * picture.height;
    found.push({
      box: { x: x * across, y: y * down, width: size.width * across, height: size.height * down },
      score,
    });
  }
  return suppress(found, MAX_OVERLAP);
}

/** An anchor moved and resized by its offsets (SSD, Liu et al. 2016, eq. 2, with variances 0.1 and 0.2). */
function decode(anchors: Float32Array, offsets: Float32Array, at: number): Box {
  const [top, left, bottom, right] = anchors.subarray(at, at + 4) as unknown as [
    number,
    number,
    number,
    number,
  ];
  const [dy, dx, dh, dw] = offsets.subarray(at, at + 4) as unknown as [number, number, number, number];
  const width = Math.exp(dw / 5) * (right - left);
  const height = Math.exp(dh / 5) * (bottom - top);
  const x = (left + right) / 2 + (dx / 10) * (right - left);
  const y = (top + bottom) / 2 + (dy / 10) * (bottom - top);
  return { x: x - width / 2, y: y - height / 2, width, height };
}

const MIN_SCORE = 0.5;
const MAX_OVERLAP = 0.4;

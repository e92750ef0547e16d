import type { Picture } from '../frames/frame.js';
import type { Box } from './face.js';
import { freshMemory, type Scratch } from './scratch.js';
import { shrink } from './shrink.js';
import { stretch } from './stretch.js';

/** A part of a picture as a detector takes it. */
export interface Drawing {
  /** R, G and B, 0..255, row by row; black where the drawing ends before the canvas does. */
  canvas: Float32Array;
  /** Of the canvas, pixels. */
  size: { width: number; height: number };
  /** Of what is drawn, from the top left, pixels. */
  drawn: { width: number; height: number };
  /** Which part of the picture is drawn, its pixels. */
  region: Box;
}

/**
 * Draws a part of the picture so that its longer side is `longer` pixels, never squeezed, its contrast stretched. The sides
 * of the canvas are filled up to multiples of `multiple`.
 */
export function draw(
  picture: Picture,
  region: Box,
  longer: number,
  multiple: number,
  scratch: Scratch = freshMemory,
): Drawing {
  const scale = longer / Math.max(region.width, region.height);
  const width = Math.max(1, Math.round(region.width * scale));
  const height = Math.max(1, Math.round(region.height * scale));
  const size = { width: fill(width, multiple), height: fill(height, multiple) };
  const canvas = scratch('canvas', size.width * size.height * 3).fill(0);
  shrink(picture, region, width, height, canvas, size.width);
  stretch(canvas, size.width, width, height);
  return { canvas, size, drawn: { width, height }, region };
}

/** The whole of a picture, as a region. */
export function whole({ width, height }: { width: number; height: number }): Box {
  return { x: 0, y: 0, width, height };
}

/** A box of the canvas, by its middle, as a box of the picture. */
export function inPicture(
  { drawn, region }: Drawing,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
): Box {
  const across = region.width / drawn.width;
  const down = region.height / drawn.height;
  return {
    x: region.x + (x - width / 2) * across,
    y: region.y + (y - height / 2) * down,
    width: width * across,
    height: height * down,
  };
}

function fill(length: number, multiple: number): number {
  return Math.ceil(length / multiple) * multiple;
}

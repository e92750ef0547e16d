import type { Box } from '../events/event.js';
import { newFrame, type YuvPicture } from '../frames/frame.js';

/** How much of the surroundings a snapshot shows: sides of the crop over sides of the face. */
const SURROUNDINGS = 2;

/**
 * The part of a frame around a face, cut at the frame's edges: at least 2 x 2 pixels, and up to a column and a row more on each side,
 * for one sample of chroma stands for two of each. A copy, for the frame's buffer goes back to its camera at once.
 */
export function cropAround(picture: YuvPicture, box: Box): YuvPicture {
  const centreX = box.x + box.width / 2;
  const centreY = box.y + box.height / 2;
  const half = (SURROUNDINGS * Math.max(box.width, box.height)) / 2;
  const [left, width] = evenly(centreX - half, centreX + half, picture.width);
  const [top, height] = evenly(centreY - half, centreY + half, picture.height);
  const part = newFrame({ width, height });
  part.matrix = picture.matrix;
  let at = 0;
  /** @param from where a plane begins, `line` bytes a row; then its part of the crop, halved or not */
  const copy = (from: number, line: number, by: number): void => {
    for (let row = top / by; row < (top + height) / by; row += 1) {
      const start = from + row * line + left / by;
      part.planes.set(picture.planes.subarray(start, start + width / by), at);
      at += width / by;
    }
  };
  const pixels = picture.width * picture.height;
  copy(0, picture.width, 1);
  copy(pixels, picture.width / 2, 2);
  copy(pixels + pixels / 4, picture.width / 2, 2);
  return part;
}

/** From and how many of `all`, which is even, both even and inside. */
function evenly(from: number, to: number, all: number): [first: number, count: number] {
  const first = 2 * Math.floor(clamp(from, 0, all - 2) / 2);
  return [first, 2 * Math.ceil(clamp(to, first + 2, all) / 2) - first];
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

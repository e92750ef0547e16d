import type { Box } from '../events/event.js';
import type { Picture, YuvPicture } from '../frames/frame.js';
import { toRgb } from '../frames/to-rgb.js';

/** How much of the surroundings a snapshot shows: sides of the crop over sides of the face. */
const SURROUNDINGS = 2;

/**
 * The part of a frame around a face in RGB, cut at the frame's edges: always at least 1 x 1 pixel.
 * A copy, for the frame's buffer goes back to its camera at once.
 */
export function cropAround(picture: YuvPicture, box: Box): Picture {
  const centreX = box.x + box.width / 2;
  const centreY = box.y + box.height / 2;
  const half = (SURROUNDINGS * Math.max(box.width, box.height)) / 2;
  const left = clamp(Math.floor(centreX - half), 0, picture.width - 1);
  const top = clamp(Math.floor(centreY - half), 0, picture.height - 1);
  const width = clamp(Math.ceil(centreX + half), left + 1, picture.width) - left;
  const height = clamp(Math.ceil(centreY + half), top + 1, picture.height) - top;
  const pixels = new Uint8Array(width * height * 3);
  toRgb(picture, { x: left, y: top, width, height }, pixels);
  return { width, height, pixels };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

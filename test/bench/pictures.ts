import { crop } from '../../server/faces/crop.js';
import type { Picture } from '../../server/frames/frame.js';
import { drawnPicture } from '../faces/drawn-picture.js';

const people = ['skuli', 'ada', 'noor', 'luca', 'omar'];
/** Height of a drawn head, pixels. */
const HEAD = 185;
const eyes = people.map((_, index) => ({ x: 140 + index * 250, y: 270 + (index % 2) * 60 }));

/** How many people stand in `fiveFaces`. */
export const FACES = people.length;

/**
 * A 720p frame with five drawn people side by side, placed so that every contender finds exactly these five: each says how
 * many it found, and one that finds fewer or more is not compared. Drawn alike every time, so figures of two runs are of
 * one picture.
 */
export function fiveFaces(): Promise<Picture> {
  return drawnPicture(people.map((id, index) => ({ id, ...eyes[index], pose: { size: HEAD } })));
}

/** One drawn person in a small picture, for work that is about counts and not about pixels. */
export function oneFace(id = 'skuli'): Promise<Picture> {
  return drawnPicture([{ id, x: 64, y: 40, pose: { size: 54 } }], { width: 128, height: 96 });
}

/**
 * Faces of `fiveFaces` cut out upright, as every network of faces is fed here.
 *
 * @param size side of a chip, pixels
 * @returns count x size x size x 3 numbers, 0..255
 */
export function chipsOf(picture: Picture, size: number, count: number): Float32Array {
  const chips = new Float32Array(count * size * size * 3);
  const scale = (HEAD * 1.1) / size;
  for (let i = 0; i < count; i += 1) {
    const { x, y } = eyes[i % eyes.length];
    const transform = {
      a: scale,
      b: 0,
      c: 0,
      d: scale,
      x0: x - (scale * size) / 2,
      y0: y - scale * size * 0.4,
    };
    crop(picture, transform, size, chips, i * size * size * 3);
  }
  return chips;
}

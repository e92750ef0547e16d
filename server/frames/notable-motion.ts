import type { Picture } from './frame.js';
import { Motion, type Area } from './motion.js';
import type { Polygon } from './polygon.js';

/** A camera's motion, without what is too small for a person: in the noise of a dark picture single cells move all the time. */
export interface NotableMotion {
  /** The areas, in pixels of the frame, in which something moved since the picture before; null for the first. */
  since(picture: Picture): Area[] | null;
}

/** @param masks where motion is not counted */
export function watchNotableMotion(masks: readonly Polygon[] = []): NotableMotion {
  const motion = new Motion(masks);
  return {
    since(picture) {
      const cell = Motion.cellSize(picture);
      const isNotable = ({ width, height }: Area) =>
        width > cell.width * LEAST_CELLS && height > cell.height * LEAST_CELLS;
      return motion.since(picture)?.filter(isNotable) ?? null;
    },
  };
}

/** More than so many cells of the motion's grid each way; a face that can be recognised alone has two of 64. */
const LEAST_CELLS = 1.5;

import type { GriddedPicture, LumaGrid } from './frame.js';
import { Motion, type MovedArea } from './motion.js';
import type { Polygon } from './polygon.js';

/** A camera's motion, without what is too small for a person: in the noise of a dark picture single cells move all the time. */
export interface NotableMotion {
  /** The areas, in pixels of the frame, in which something moved since the picture before; null for the first. */
  since(picture: GriddedPicture): MovedArea[] | null;
  /** Of the picture that was looked at last; null before the first. */
  readonly grid: LumaGrid | null;
}

/** @param masks where motion is not counted */
export function watchNotableMotion(masks: readonly Polygon[] = []): NotableMotion {
  const motion = new Motion(masks);
  return {
    get grid() {
      return motion.grid;
    },
    since: (picture) => motion.since(picture)?.filter(({ cells }) => cells >= LEAST_CELLS) ?? null,
  };
}

/** Of the motion's grid: the smallest face that can be recognised alone has so many. */
const LEAST_CELLS = 4;

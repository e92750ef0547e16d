import type { Point } from './path.js';
import type { Pose, PortraitTraits } from './traits.js';
import type { Turn } from './turn.js';

/** What every part of a portrait is drawn with. */
export interface Sketch {
  traits: PortraitTraits;
  pose: Pose;
  /** Places a point of the face's surface. */
  turn: Turn;
  /** Places a point of the skull's outline. */
  outline: (point: Point) => Point;
  /** Prefix of the ids in this drawing, so that two portraits may share one document. */
  id: string;
}

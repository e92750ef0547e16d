import type { Face } from '../faces/face.js';
import type { Match } from '../identities/match.js';

/** One frame of one camera after recognition: its faces, and what the gallery says about each. */
export interface Sighting {
  camera: string;
  /** Pixels. */
  frame: { width: number; height: number };
  /** Wall clock, ms since the epoch: when the frame arrived. */
  capturedAt: number;
  /** Monotonic clock, ms: the same moment. Sightings of a camera come in this order. */
  arrivedAt: number;
  /** `zone`: the part of the frame that the face is in; null or left out where the camera has no zones. */
  faces: { face: Face; match: Match; zone?: string | null }[];
}

import { contains } from './polygon.js';
import type { WatchedAreas } from './watched-areas.js';

/** Whether a face counts, by its centre, and in which zone it is: null where the camera has none. */
export type Place = { counts: false } | { counts: true; zone: string | null };

/**
 * Where a face is, seen from what the camera watches.
 *
 * @param box pixels of the frame
 */
export function placeFace(
  box: { x: number; y: number; width: number; height: number },
  frame: { width: number; height: number },
  { zones, ignoreFaces }: WatchedAreas,
): Place {
  // A face that is cut off may have its centre outside of the frame, where no polygon reaches.
  const x = within((box.x + box.width / 2) / frame.width);
  const y = within((box.y + box.height / 2) / frame.height);
  if (ignoreFaces.some((area) => contains(area, x, y))) return { counts: false };
  if (zones.length === 0) return { counts: true, zone: null };
  const zone = zones.find(({ area }) => contains(area, x, y));
  return zone ? { counts: true, zone: zone.name } : { counts: false };
}

/** Just inside: a polygon along the frame's edge has its own edge there. */
function within(share: number): number {
  return Math.min(Math.max(share, EDGE), 1 - EDGE);
}

const EDGE = 1e-6;

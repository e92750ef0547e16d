import type { SentPicture } from './camera-server.js';
import { entrance, leave, walks } from './cast.js';
import { STREAM_FPS, type StreamName } from './kinds.js';

/** Somebody's whole face was in view of a camera, from its first picture to its last, wall clock ms. */
export interface Crossing {
  readonly camera: string;
  readonly person: string;
  readonly from: number;
  readonly to: number;
}

/** A name that a client was told, wall clock ms. */
export interface Named {
  readonly camera: string;
  readonly person: string;
  readonly at: number;
}

/** A name that comes so long after somebody left is still in time, ms: as late as an event may be. */
export const NAME_GRACE_MS = 1_000;
/** Longer than anybody is in view, pictures. */
const MOST_PICTURES = 6 * STREAM_FPS;

/**
 * Who crossed in what a camera sent. Who was in view already at its beginning, or is still at its end, does not count.
 *
 * @param sent every picture of some time, oldest first
 */
export function crossingsIn(camera: string, sent: readonly SentPicture[], stream: StreamName): Crossing[] {
  return walks.flatMap(({ person }) => {
    const first = entrance(person, stream);
    const last = leave(person, stream);
    return sent.flatMap(([picture, from], index) => {
      if (picture !== first) return [];
      const left = sent.slice(index, index + MOST_PICTURES).find(([later]) => later === last);
      return left ? [{ camera, person, from, to: left[1] }] : [];
    });
  });
}

/** How many of those who crossed were named by the same camera while they did, or just after. */
export function namedOf(
  crossings: readonly Crossing[],
  names: readonly Named[],
): { whole: number; named: number } {
  const isNamed = ({ camera, person, from, to }: Crossing): boolean =>
    names.some(
      (name) =>
        name.camera === camera && name.person === person && name.at >= from && name.at <= to + NAME_GRACE_MS,
    );
  return { whole: crossings.length, named: crossings.filter(isNamed).length };
}

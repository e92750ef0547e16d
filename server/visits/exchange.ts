import { newStay, renewed, type Stay } from './stay.js';
import type { Visit } from './visit-draft.js';

// Visits that stays give each other: in each function the stay at `index` is in the picture, and its looks name somebody else.

/** In the place of a stay whose visit another has taken over. */
export const MERGED = { seen: false } as Stay;

export interface Resumed {
  stays: Stay[];
  /** What goes on in nobody's place any more and is to be ended; null where another stay goes on as it. */
  over: Visit | null;
}

/**
 * Gives somebody who is known again their visit back, so that they are told once. It is out of sight, or held
 * by a face that is somebody else's by now, which then goes on as the visit that began in the meantime.
 *
 * @param index of a stay with a visit that has no verdict yet
 * @param person who it is of, id
 * @returns null where there is no such visit
 */
export function resume(stays: readonly Stay[], index: number, person: string): Resumed | null {
  const at = stays.findIndex(
    ({ visit, seen, against }) => visit?.verdict?.person?.id === person && (!seen || against.length > 0),
  );
  if (at === -1) return null;
  const after = [...stays];
  const [mine, theirs] = [stays[index], stays[at]];
  after[index] = renewed(mine, theirs.visit);
  if (!theirs.seen) {
    after[at] = MERGED;
    return { stays: after, over: mine.visit };
  }
  const { against } = theirs;
  const looks = against.length;
  after[at] = renewed(
    { ...theirs, first: against[0], window: against, looks, embeddedLooks: looks },
    mine.visit,
  );
  return { stays: after, over: null };
}

/**
 * Two people who passed each other and were confused get their own visits back: the one whom the looks name
 * has a visit already, which is either out of sight or being contradicted itself.
 *
 * @param index of a stay with a verdict that its latest looks contradict
 * @returns null where there is no such visit
 */
export function takeBack(stays: readonly Stay[], index: number): Stay[] | null {
  const stay = stays[index] as Stay & { visit: Visit };
  const other = stay.against[0].vote;
  const mine = stay.visit.verdict?.person?.id;
  const theirs = stays.findIndex(
    ({ visit, seen, against }, at) =>
      at !== index &&
      visit?.verdict?.person?.id === other &&
      (!seen || (mine !== undefined && against.at(0)?.vote === mine)),
  );
  if (theirs === -1) return null;
  const after = [...stays];
  const swapped = stays[theirs];
  after[index] = renewed(stay, swapped.visit);
  after[theirs] = swapped.seen
    ? renewed(swapped, stay.visit)
    : { ...renewed({ ...newStay(stay.visit.last), looks: stay.looks }, stay.visit), seen: false };
  return after;
}

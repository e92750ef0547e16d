import type { Visit } from './desk.js';

/** One person before the cameras now; somebody seen by two cameras is one presence, where they were seen last. */
export interface Presence {
  visit: Visit;
  /** Cameras that see this person now, the latest first. */
  cameras: readonly string[];
}

/** Who is before a camera now, the latest first. Unknown people cannot be told to be the same and stay apart. */
export function whoIsHere(visits: readonly Visit[]): Presence[] {
  const here = new Map<string, Presence>();
  for (const visit of visits) {
    if (visit.endedAt !== null) continue;
    const key = visit.person === null ? `visit ${visit.id}` : `person ${visit.person.id}`;
    const seen = here.get(key);
    if (seen === undefined) here.set(key, { visit, cameras: [visit.camera] });
    else if (!seen.cameras.includes(visit.camera)) {
      here.set(key, { ...seen, cameras: [...seen.cameras, visit.camera] });
    }
  }
  return [...here.values()];
}

import type { VisitOptions } from './options.js';
import type { Sighting } from './sighting.js';
import { follow, isEmbedded, type Look, type Track } from './track.js';
import { isClearlyNot } from './verdict.js';
import type { Visit } from './visit-draft.js';

/** A face that is followed, and the visit that it belongs to. */
export interface Stay {
  track: Track;
  /** Whether the latest sighting shows it. */
  seen: boolean;
  /** Looks since it is followed as this person, and how many of them were embedded. */
  looks: number;
  embeddedLooks: number;
  first: Look;
  /** The latest looks that were embedded, oldest first. */
  window: Look[];
  /** The latest looks in a row that name one other person than the verdict. */
  against: Look[];
  /** The latest looks in a row that are clearly not the person recognised: how many, and the first. */
  strange: { count: number; first: Look } | null;
  /** Null until enough looks confirm that there is a face at all. */
  visit: Visit | null;
}

/** The looks of a sighting; a person is in one place only, so the face nearest to them has their vote. */
export function looksOf({ faces, capturedAt, arrivedAt }: Sighting): Look[] {
  const nearest = new Map<string, number>();
  faces.forEach(({ match: { person, distance } }, index) => {
    if (!person) return;
    const best = nearest.get(person.id);
    if (best === undefined || distance! < faces[best].match.distance!) nearest.set(person.id, index);
  });
  return faces.map(({ face, match, zone = null }, index) => {
    const vote = match.person && nearest.get(match.person.id) === index ? match.person.id : null;
    return { face, match, zone, vote, capturedAt, arrivedAt };
  });
}

/** A face seen for the first time. */
export function newStay(look: Look): Stay {
  const track = follow(null, look);
  return {
    track,
    seen: true,
    looks: 1,
    embeddedLooks: isEmbedded(look) ? 1 : 0,
    first: look,
    window: isEmbedded(look) ? [look] : [],
    against: [],
    strange: null,
    visit: null,
  };
}

/** A stay after another look. */
export function withLook(stay: Stay, look: Look, options: VisitOptions): Stay {
  const followed: Stay = { ...stay, track: follow(stay.track, look), seen: true, looks: stay.looks + 1 };
  // Without an embedding it says where the face is, and nothing about whose it is.
  if (!isEmbedded(look)) return withLast(followed, look);
  const window = [...stay.window, look].slice(-options.windowFrames);
  const next: Stay = { ...followed, embeddedLooks: stay.embeddedLooks + 1, window };
  const verdict = stay.visit?.verdict;
  if (!verdict) return withLast(next, look);
  const isAgainst = look.vote !== null && look.vote !== (verdict.person?.id ?? null);
  const isSameAsBefore = isAgainst && stay.against.at(0)?.vote === look.vote;
  const against = isAgainst ? [...(isSameAsBefore ? stay.against : []), look] : [];
  const isStrange = verdict.person !== null && isClearlyNot(look, verdict.person);
  const strange = isStrange
    ? { first: stay.strange?.first ?? look, count: (stay.strange?.count ?? 0) + 1 }
    : null;
  return withLast({ ...next, against, strange }, look);
}

/** While it is in doubt whether it is still them, they were last seen before the doubt. */
function withLast(stay: Stay, look: Look): Stay {
  const isInDoubt = stay.against.length > 0 || stay.strange !== null;
  return stay.visit && !isInDoubt ? { ...stay, visit: { ...stay.visit, last: look } } : stay;
}

/** A stay that follows `visit`'s person from here on. */
export function renewed(stay: Stay, visit: Visit | null): Stay {
  const track = { ...stay.track, recognisedAs: visit?.verdict?.person?.id ?? null };
  const last = visit && { ...visit, last: stay.seen ? stay.track.latest : visit.last };
  return { ...stay, track, against: [], strange: null, visit: last };
}

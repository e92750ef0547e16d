import type { Person } from '../identities/person.js';
import type { VisitOptions } from './options.js';
import type { Look } from './track.js';

/** Who a visit is of, decided once; `look` is the one that shows it best. */
export type Verdict = { person: Person; look: Look } | { person: null; look: Look };

/**
 * What the looks of an undecided visit agree on, or null while they do not.
 *
 * A person whom enough of the latest looks name is recognised; the look with the least distance speaks for
 * them. With enough looks over enough time and no such person, it is nobody known; while two of the latest
 * looks name somebody it is put off, up to twice the looks, for the next one may settle it.
 *
 * @param window the latest looks that were embedded, oldest first, at most `windowFrames`
 * @param looks how many of them there were in all
 * @param sinceMs from the first look to the latest
 */
export function decide(
  window: readonly Look[],
  looks: number,
  sinceMs: number,
  options: VisitOptions,
): Verdict | null {
  const votes = new Map<string, Look[]>();
  for (const look of window) {
    if (look.vote !== null) votes.set(look.vote, [...(votes.get(look.vote) ?? []), look]);
  }
  const most = [...votes.values()].sort((a, b) => b.length - a.length).at(0) ?? [];
  if (most.length >= options.agreeingFrames) return { person: most[0].match.person!, look: nearest(most) };
  if (looks < options.unknownFrames || sinceMs < options.unknownMs) return null;
  if (most.length >= 2 && looks < options.unknownFrames * 2) return null;
  const nobody = window.filter((look) => look.vote === null);
  return { person: null, look: clearest(nobody.length > 0 ? nobody : window) };
}

/** Of looks at one person, the one nearest to them. */
function nearest(looks: readonly Look[]): Look {
  return looks.reduce((best, look) => (look.match.distance! < best.match.distance! ? look : best));
}

/** The look at nobody that the detector is surest of; one that is beyond the threshold before one that is not. */
function clearest(looks: readonly Look[]): Look {
  const beyond = looks.filter((look) => look.match.person === null);
  return (beyond.length > 0 ? beyond : looks).reduce((best, look) =>
    look.face.score > best.face.score ? look : best,
  );
}

/** Whether a look speaks against `person`, and for nobody else: further from them than chance allows. */
export function isClearlyNot(look: Look, person: Person): boolean {
  if (look.match.person !== null) return false;
  const theirs = look.match.candidates.find((candidate) => candidate.person.id === person.id);
  return !theirs || theirs.distance > look.match.threshold * CLEARLY_BEYOND;
}

const CLEARLY_BEYOND = 1.15;

import type { LiveFace } from '../events/live.js';
import type { VisitState } from './visit.js';

/** The faces of the latest sighting as the live picture shows them: the visit's verdict, this frame's distance. */
export function liveFaces(state: VisitState): LiveFace[] {
  return state.stays
    .filter(({ seen }) => seen)
    .map(({ track: { latest, embedded }, visit }) => {
      const { face } = latest;
      // A face that is followed without being embedded was this far away when it last was.
      const { match } = embedded ?? latest;
      const isDecided = Boolean(visit?.verdict);
      const person = visit?.verdict?.person ?? null;
      // To the person named, not to whoever happens to be nearest in this frame.
      const theirs = match.candidates.find((candidate) => candidate.person.id === person?.id);
      return {
        visit: visit?.id ?? null,
        box: { ...face.box },
        score: face.score,
        status: !isDecided ? 'pending' : person ? 'recognised' : 'unknown',
        person: person && { ...person },
        distance: theirs?.distance ?? match.distance,
        threshold: match.threshold,
        problem: isDecided ? null : (face.quality?.problems.at(0)?.reason ?? null),
      };
    });
}

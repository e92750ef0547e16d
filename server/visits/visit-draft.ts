import type { Moment } from '../base/clock.js';
import type { Draft, FaceQuality, VisitEvent } from '../events/event.js';
import type { Box, Quality } from '../faces/face.js';
import type { Look } from './track.js';
import type { Verdict } from './verdict.js';

/** One visit: one person's stay before one camera. */
export interface Visit {
  id: string;
  first: Look;
  /** The latest look that is held to be of this visit's person. */
  last: Look;
  verdict: Verdict | null;
}

/** An event of a visit, with what the event's journal entry and snapshot are completed from. */
export interface VisitOutput {
  /** `latencyMs` is 0 and `snapshot` null in it: whoever writes it down fills them in. */
  draft: Draft<VisitEvent>;
  /** Monotonic ms: when the frame arrived that brought this about, for latencyMs; of an end, when it was declared. */
  arrivedAt: number;
  /** The face in the sighting that brought this about; null for an end. The draft's box may be of an earlier frame. */
  snapshotBox: Box | null;
}

interface Place {
  camera: string;
  frame: { width: number; height: number };
}

export function started(visit: Visit, look: Look, place: Place): VisitOutput {
  return {
    draft: { type: 'visit.started', person: null, ...fields(visit, look, look.capturedAt, place) },
    arrivedAt: look.arrivedAt,
    snapshotBox: look.face.box,
  };
}

/** The event carries distance, candidates and box of the look that shows the verdict best. */
export function decided(visit: Visit, verdict: Verdict, now: Look, place: Place): VisitOutput {
  const common = fields(visit, verdict.look, now.capturedAt, place);
  return {
    draft: verdict.person
      ? {
          ...common,
          type: 'visit.recognised',
          person: verdict.person,
          distance: verdict.look.match.distance!,
        }
      : { ...common, type: 'visit.unknown', person: null },
    arrivedAt: now.arrivedAt,
    snapshotBox: now.face.box,
  };
}

/** `at` is when the end was declared; the person was last seen `durationMs` after `startedAt`. */
export function ended(visit: Visit, now: Moment, place: Place): VisitOutput {
  const { verdict, first, last } = visit;
  return {
    draft: {
      type: 'visit.ended',
      person: verdict?.person ?? null,
      ...fields(visit, verdict?.look ?? last, now.wall, place),
      startedAt: iso(first.capturedAt),
      durationMs: Math.max(0, Math.round(last.arrivedAt - first.arrivedAt)),
    },
    arrivedAt: now.monotonic,
    snapshotBox: null,
  };
}

function fields(visit: Visit, { face, match, zone }: Look, wall: number, { camera, frame }: Place) {
  return {
    at: iso(wall),
    camera,
    ...(zone === null ? {} : { zone }),
    visit: visit.id,
    distance: match.distance,
    threshold: match.threshold,
    candidates: match.candidates.map(({ person, distance }) => ({ person: { ...person }, distance })),
    margin: match.margin,
    box: { ...face.box },
    frame: { width: frame.width, height: frame.height },
    score: face.score,
    quality: face.quality && qualityOf(face.quality),
    liveness: face.liveness && { ...face.liveness },
    latencyMs: 0,
    snapshot: null,
  };
}

/** As programs get it: rounded to what the figures can bear, and without what stands beside it already. */
function qualityOf({ score: _, problems, ...measures }: Quality): FaceQuality {
  const rounded = Object.fromEntries(
    Object.entries(measures).map(([name, value]) => [name, Math.round(value * 1000) / 1000]),
  ) as typeof measures;
  return { ...rounded, problems: problems.map((problem) => ({ ...problem })) };
}

const iso = (wall: number) => new Date(wall).toISOString();

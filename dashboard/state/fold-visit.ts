import type { VisitEvent } from '../../server/events/event.js';
import type { Visit, VisitStatus } from './desk.js';

/** The newest visits that are kept; a desk left open for months stays as light as on its first day. */
const KEPT = 200;

function statusAfter(event: VisitEvent, before: Visit | undefined): VisitStatus {
  switch (event.type) {
    case 'visit.started':
      return before?.status ?? (event.person === null ? 'pending' : 'recognised');
    case 'visit.recognised':
      return 'recognised';
    case 'visit.unknown':
      return 'unknown';
    case 'visit.ended':
      // The beginning may lie before what the desk has loaded: a face that was measured and named nobody is unknown.
      if (event.person !== null) return 'recognised';
      return before?.status ?? (event.distance === null ? 'pending' : 'unknown');
  }
}

/**
 * The visits after one more event: its visit is updated in place, or put where its start belongs (newest first).
 * The list handed in is not changed.
 */
export function foldVisit(visits: readonly Visit[], event: VisitEvent): readonly Visit[] {
  const index = visits.findIndex((visit) => visit.id === event.visit);
  const before = index < 0 ? undefined : visits[index];
  const at = Date.parse(event.at);
  const ended = event.type === 'visit.ended';
  const visit: Visit = {
    id: event.visit,
    camera: event.camera,
    status: statusAfter(event, before),
    person: ended ? (event.person ?? before?.person ?? null) : event.person,
    distance: event.distance ?? before?.distance ?? null,
    threshold: event.threshold,
    candidates: event.candidates.length > 0 ? event.candidates : (before?.candidates ?? []),
    margin: event.margin ?? before?.margin ?? null,
    startedAt: ended ? Date.parse(event.startedAt) : (before?.startedAt ?? at),
    endedAt: ended ? at : (before?.endedAt ?? null),
    durationMs: ended ? event.durationMs : (before?.durationMs ?? null),
    latencyMs: before !== undefined && ended ? before.latencyMs : event.latencyMs,
    snapshot: event.snapshot ?? before?.snapshot ?? null,
    // A journal of before faces were measured has events without it.
    picture: (event.liveness ?? null) === null ? (before?.picture ?? false) : !event.liveness!.passed,
    problem: event.distance === null ? (event.quality?.problems.at(0)?.reason ?? null) : null,
  };
  if (index >= 0) return visits.with(index, visit);
  const older = visits.findIndex((other) => other.startedAt <= visit.startedAt);
  const place = older < 0 ? visits.length : older;
  return visits.toSpliced(place, 0, visit).slice(0, KEPT);
}

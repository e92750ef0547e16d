import type { Draft, VisitEnded, VisitEvent } from '../events/event.js';

/**
 * Ends for visits that have none: a server that was killed never saw its visitors leave. They were last known to be
 * there when the visit's last event was written.
 *
 * @param events visit events in the journal's order
 * @param wall now, ms since the epoch
 */
export function endUnfinished(events: readonly VisitEvent[], wall: number): Draft<VisitEnded>[] {
  const open = new Map<string, { first: VisitEvent; last: VisitEvent }>();
  for (const event of events) {
    if (event.type === 'visit.ended') open.delete(event.visit);
    else if (event.type === 'visit.started') open.set(event.visit, { first: event, last: event });
    else {
      const visit = open.get(event.visit);
      if (visit) visit.last = event;
    }
  }
  return [...open.values()].map(({ first, last }) => {
    const { id, seq, type, ...fields } = last;
    return {
      ...fields,
      type: 'visit.ended',
      at: new Date(wall).toISOString(),
      startedAt: first.at,
      durationMs: Math.max(0, Date.parse(last.at) - Date.parse(first.at)),
      latencyMs: 0,
    };
  });
}

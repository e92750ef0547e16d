import { map, mergeMap, tap, type OperatorFunction } from 'rxjs';
import type { Draft, GatehouseEvent } from '../events/event.js';
import type { Stages } from './stages.js';

/** Writes every event into the journal, then, and only then, sends it to the outlets, in the journal's order. */
export function announce({
  journal,
  outlets,
  counters,
  clock,
}: Stages): OperatorFunction<Draft, GatehouseEvent> {
  return (drafts) =>
    drafts.pipe(
      // Not one after the other: the journal writes what came together with one flush, and keeps the order.
      mergeMap(async (draft) => {
        const began = clock.monotonic();
        return { events: await journal.append([draft]), began };
      }),
      mergeMap(({ events, began }) => events.map((event) => ({ event, began }))),
      tap(({ event, began }) => {
        for (const outlet of outlets) outlet.send(event);
        counters.announced(event, clock.monotonic() - began);
      }),
      map(({ event }) => event),
    );
}

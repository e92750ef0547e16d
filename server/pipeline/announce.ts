import { mergeMap, tap, type OperatorFunction } from 'rxjs';
import type { Draft, GatehouseEvent } from '../events/event.js';
import type { Stages } from './stages.js';

/** Writes every event into the journal, then, and only then, sends it to the outlets, in the journal's order. */
export function announce({ journal, outlets }: Stages): OperatorFunction<Draft, GatehouseEvent> {
  return (drafts) =>
    drafts.pipe(
      // Not one after the other: the journal writes what came together with one flush, and keeps the order.
      mergeMap((draft) => journal.append([draft])),
      mergeMap((events) => events),
      tap((event) => {
        for (const outlet of outlets) outlet.send(event);
      }),
    );
}

import { map, takeUntil, type Observable } from 'rxjs';
import type { Draft, PersonEvent, PhotoRefusedEvent } from '../events/event.js';
import type { Stages } from './stages.js';

/** Changes of the gallery as events. */
export function identityChanges({
  identities,
  stopping,
  clock,
}: Stages): Observable<Draft<PersonEvent | PhotoRefusedEvent>> {
  return identities.changes.pipe(
    takeUntil(stopping),
    map((change) => ({ ...change, at: new Date(clock.wall()).toISOString(), camera: null })),
  );
}

import { concatMap, firstValueFrom, from, map, mergeMap, race, timer, type OperatorFunction } from 'rxjs';
import type { Draft, VisitEvent } from '../events/event.js';
import type { VisitOutput } from '../visits/visit-draft.js';
import type { VisitsStep } from './fold-visits.js';
import type { Stages } from './stages.js';

/** An event waits for its snapshot at most so long, ms: a slow disk does not hold the desk up. */
const SNAPSHOT_MS = 2_000;

/**
 * Takes the snapshots of what just happened, gives the frame back to its camera, and hands on the drafts, each
 * with its snapshot's path and its latency.
 */
export function completeVisits({
  snapshots,
  clock,
}: Stages): OperatorFunction<VisitsStep, Draft<VisitEvent>> {
  const pictured = new Set<string>();

  const complete = async (
    { draft, arrivedAt }: VisitOutput,
    taken: Promise<boolean> | null,
  ): Promise<Draft<VisitEvent>> => {
    if (taken && (await taken)) pictured.add(draft.visit);
    const snapshot = pictured.has(draft.visit) ? `/api/visits/${draft.visit}/snapshot.jpg` : null;
    if (draft.type === 'visit.ended') pictured.delete(draft.visit);
    return { ...draft, snapshot, latencyMs: Math.round(clock.monotonic() - arrivedAt) };
  };

  const inTime = (taken: Promise<boolean>): Promise<boolean> =>
    firstValueFrom(race(from(taken), timer(SNAPSHOT_MS, clock.scheduler).pipe(map(() => false))));

  return (steps) =>
    steps.pipe(
      mergeMap(({ events, frame }) => {
        const taken = events.map(({ draft, snapshotBox }) =>
          frame && snapshotBox ? inTime(snapshots.take(draft.visit, frame, snapshotBox)) : null,
        );
        frame?.release();
        return events.map((event, index) => ({ event, taken: taken[index]! }));
      }),
      // In order, so that no visit is announced to have ended before it was announced to have begun.
      concatMap(({ event, taken }) => complete(event, taken)),
    );
}

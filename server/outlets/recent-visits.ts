import { isVisitEvent, type VisitEvent } from '../events/event.js';
import type { EventHistory, Outlet } from './outlet.js';

export interface RecentVisits extends Outlet {
  /** The newest `limit` visit events, oldest of them first. */
  latest(limit: number): VisitEvent[];
}

/** Keeps the newest visit events at hand for a desk that opens; begins with what the journal has. */
export async function createRecentVisits(history: EventHistory, capacity = 1_000): Promise<RecentVisits> {
  const events: VisitEvent[] = [];
  const add = (event: { type: string }): void => {
    if (!isVisitEvent(event)) return;
    events.push(event);
    if (events.length > capacity * 2) events.splice(0, events.length - capacity);
  };
  // A visit is a few events, cameras and greetings come between: four times the capacity reaches back far enough.
  for await (const event of history.since(Math.max(history.oldest - 1, history.last - capacity * 4)))
    add(event);
  return {
    name: 'recent visits',
    latest: (limit) => events.slice(-Math.min(limit, capacity)),
    send: add,
    close: () => Promise.resolve(),
  };
}

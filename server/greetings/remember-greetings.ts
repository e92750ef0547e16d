import type { Moment } from '../base/clock.js';
import type { GreetingEvent } from '../events/event.js';
import { nobodyGreeted, type GreetingState } from './greeting.js';

/**
 * The state of greetings after a restart, from those that the journal holds: whoever was greeted just before
 * is not greeted again just after.
 *
 * A greeting from the future (the wall clock was put back) counts as said now, so that no cooldown outlasts
 * its length.
 *
 * @param past the newest greetings, in any order; older than the longest cooldown is of no use
 */
export function rememberGreetings(
  past: Iterable<Pick<GreetingEvent, 'camera' | 'at' | 'people'>>,
  now: Moment,
): GreetingState {
  const greeted = new Map<string, Map<string, number>>();
  for (const { camera, at, people } of past) {
    const ago = Math.max(0, now.wall - Date.parse(at));
    const times = greeted.get(camera) ?? new Map<string, number>();
    greeted.set(camera, times);
    for (const { id } of people) {
      times.set(id, Math.max(times.get(id) ?? Number.NEGATIVE_INFINITY, now.monotonic - ago));
    }
  }
  return { ...nobodyGreeted, greeted };
}

import type { Clock } from '../base/clock.js';
import type { Instruments } from './instruments.js';

/** How often the main thread has something to do that it may be late for, ms. */
const BEAT_MS = 20;
const SECOND_MS = 1_000;
const DELAY_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/**
 * The longest delay of the event loop in every second, as a histogram: unlike a figure that begins anew with each look,
 * it loses nothing between two looks and tells the same to everybody who looks.
 *
 * @returns what ends it
 */
export function eventLoopMetrics(instruments: Instruments, clock: Clock): () => void {
  const delays = instruments.histogram(
    'event_loop_delay_seconds',
    'Longest time within a second that the main thread was late for what was due',
    DELAY_SECONDS,
  );
  // Node's own monitor forgets, each time it is set back, what lies between that and its next beat.
  let [due, most] = [clock.monotonic() + BEAT_MS, 0];
  let tellAt = clock.monotonic() + SECOND_MS;
  const beats = clock.scheduler.schedule(function () {
    const now = clock.monotonic();
    most = Math.max(most, now - due);
    if (now >= tellAt) {
      delays.observe(most / 1000);
      most = 0;
      tellAt = now + SECOND_MS;
    }
    due = now + BEAT_MS;
    this.schedule(undefined, BEAT_MS);
  }, BEAT_MS);
  return () => beats.unsubscribe();
}

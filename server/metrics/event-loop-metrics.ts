import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../base/clock.js';
import type { Instruments } from './instruments.js';

/** How often the delay is looked at, ms. */
const RESOLUTION_MS = 20;
const SECOND_MS = 1_000;
const DELAY_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/**
 * The longest delay of the event loop in every second, as a histogram: unlike a figure that begins anew with each look,
 * it loses nothing between two looks and tells the same to everybody who looks.
 *
 * @returns what ends it
 */
export function eventLoopMetrics(instruments: Instruments, { scheduler }: Clock): () => void {
  const delays = instruments.histogram(
    'event_loop_delay_seconds',
    'Longest time within a second that the main thread was late for what was due',
    DELAY_SECONDS,
  );
  const monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  monitor.enable();
  const seconds = scheduler.schedule(function () {
    // Nanoseconds between two of the monitor's beats; without a beat in this second there is nothing to tell yet.
    if (monitor.count > 0) delays.observe(Math.max(0, monitor.max / 1e6 - RESOLUTION_MS) / 1000);
    monitor.reset();
    this.schedule(undefined, SECOND_MS);
  }, SECOND_MS);
  return () => {
    seconds.unsubscribe();
    monitor.disable();
  };
}

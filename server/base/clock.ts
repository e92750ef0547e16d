import { asyncScheduler, type SchedulerLike } from 'rxjs';

/**
 * Time as an argument. `wall` is for timestamps that people read and may jump; `monotonic` is for
 * durations and deadlines and never goes back; `scheduler` sets timers. Both times are milliseconds.
 */
export interface Clock {
  wall(): number;
  monotonic(): number;
  readonly scheduler: SchedulerLike;
}

/** A moment on both clocks, ms: durations go by the monotonic one, what people read by the wall. */
export interface Moment {
  wall: number;
  monotonic: number;
}

/** Now, on both clocks. */
export function momentOf(clock: Clock): Moment {
  return { wall: clock.wall(), monotonic: clock.monotonic() };
}

export const systemClock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  // RxJS sets its timers with setInterval, which follows the monotonic clock.
  scheduler: asyncScheduler,
};

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

export const systemClock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  // RxJS sets its timers with setInterval, which follows the monotonic clock.
  scheduler: asyncScheduler,
};

import { stat, utimes, writeFile } from 'node:fs/promises';
import type { Clock } from './clock.js';

/** How long the wall clock must have run without a leap before it is believed again, ms. */
export const STEADY_MS = 6 * 3_600_000;
/** The clock leapt where it went by this much more or less than the time that passed, ms. */
const LEAP_MS = 5 * 60_000;
/** A start this long after the clock was last believed, and not before, goes on believing it, ms: a weekend off. */
const OFF_MS = 3 * 24 * 3_600_000;

/**
 * Tells how old files are, without ever taking them for old because the wall clock is wrong. Ages of what was written in this
 * run are the time that passed. Those of older files follow the wall clock only while it is believed: it was steady for
 * STEADY_MS, or goes on where an earlier run believed it; else they are what passed since this start.
 */
export interface SteadyClock {
  /** To be called about once an hour: sees at once whether the wall leapt, and keeps for the next start that the wall is believed. Never rejects. */
  look(): Promise<void>;
  /** Whether the wall clock is believed. */
  readonly isBelieved: boolean;
  /** Age of something written at `wall`, ms since the epoch, before this start; never negative, ms. */
  ageOfEarlier(wall: number): number;
}

/**
 * @param path an empty file whose time says when the wall was last believed; it is made
 * @param newest ms since the epoch, of the newest file that is kept; null where there is none. It stands for the
 *   file at `path` where that is missing.
 */
export async function steadyClock(path: string, newest: number | null, clock: Clock): Promise<SteadyClock> {
  const start = clock.monotonic();
  const before = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => newest,
  );
  const off = clock.wall() - (before ?? clock.wall());
  let offset = clock.wall() - start;
  let steadySince = off >= -LEAP_MS && off <= OFF_MS ? -Infinity : start;
  const noticeLeap = (): void => {
    const now = clock.wall() - clock.monotonic();
    if (Math.abs(now - offset) > LEAP_MS) steadySince = clock.monotonic();
    offset = now;
  };
  const isBelieved = (): boolean => {
    noticeLeap();
    return clock.monotonic() - steadySince >= STEADY_MS;
  };
  return {
    get isBelieved() {
      return isBelieved();
    },
    async look() {
      if (!isBelieved()) return;
      // A full disk lets an empty file be touched; where it cannot be, the next start waits until it believes.
      await writeFile(path, '', { mode: 0o600 })
        .then(() => utimes(path, clock.wall() / 1000, clock.wall() / 1000))
        .catch(() => undefined);
    },
    ageOfEarlier(wall) {
      const here = clock.monotonic() - start;
      return isBelieved() ? Math.max(here, clock.wall() - wall) : here;
    },
  };
}

import { join } from 'node:path';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { Scope } from '../base/scope.js';
import type { Config } from '../config.js';
import { openJournal, type Journal } from '../events/journal.js';
import { openRgbDrawing } from '../faces/kernels/draw-rgb.js';
import { createRecentVisits, type RecentVisits } from '../outlets/recent-visits.js';
import { openSnapshots, type Snapshots } from '../outlets/snapshots.js';

const DAY_MS = 24 * 3_600_000;

/** What is kept of what happened. */
export interface ComposedRecords {
  journal: Journal;
  snapshots: Snapshots;
  recentVisits: RecentVisits;
  /** In the operator's words. */
  problems(): (string | null | undefined)[];
}

export async function composeRecords(parts: {
  config: Config;
  data: string;
  clock: Clock;
  log: Log;
  scope: Scope;
}): Promise<ComposedRecords> {
  const { config, data, clock, log, scope } = parts;
  const maxAgeMs = config.journal.keepDays * DAY_MS;
  const journal = await openJournal({
    folder: join(data, 'journal'),
    maxBytes: config.journal.maxMegabytes * 1024 * 1024,
    maxAgeMs,
    clock,
    log,
  });
  await scope.add('journal', () => journal.close());
  const snapshots = await openSnapshots(
    join(data, 'snapshots'),
    maxAgeMs,
    clock,
    log,
    () => journal.clockIsBelieved,
    await openRgbDrawing(),
  );
  await scope.add('snapshots', () => snapshots.close());
  const recentVisits = await createRecentVisits(journal);
  return {
    journal,
    snapshots,
    recentVisits,
    problems: () => [journal.failing?.reason, journal.damage, snapshots.problem],
  };
}

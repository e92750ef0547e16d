import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { silentLog } from '../../server/base/log.js';
import { openJournal, type Journal, type JournalOptions } from '../../server/events/journal.js';
import { fakeClock, type FakeClock } from '../fixtures/fake-clock.js';
import { draft, range } from './event-drafts.js';

/** Another for each test of a file. */
export interface JournalFolder {
  readonly folder: string;
  readonly clock: FakeClock;
  /** Opens the journal of the folder by the clock; it is closed after the test. */
  readonly open: (options?: Partial<JournalOptions>) => Promise<Journal>;
  /** Names of the segments, oldest first. */
  readonly segments: () => Promise<string[]>;
}

/** Called once at the top of a file. */
export function journalFolder(): JournalFolder {
  let folder: string;
  let clock: FakeClock;
  const journals: Journal[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-journal-'));
    clock = fakeClock();
  });
  afterEach(async () => {
    await Promise.all(journals.splice(0).map((journal) => journal.close()));
    await rm(folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return folder;
    },
    get clock() {
      return clock;
    },
    open: async (options = {}) => {
      const journal = await openJournal({
        ...{ folder, clock, log: silentLog, maxBytes: 1 << 30, maxAgeMs: Infinity },
        ...options,
      });
      journals.push(journal);
      return journal;
    },
    segments: async () => (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort(),
  };
}

/** Appends so many events, one call each, all at once. */
export async function fill(journal: Journal, from: number, to: number): Promise<void> {
  await Promise.all(range(from, to).map((n) => journal.append([draft(n)])));
}

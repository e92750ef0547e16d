import type { Observable, Subscription } from 'rxjs';
import type { Instruments } from './instruments.js';
import { one } from './instruments.js';

/** The journal as the metrics see it. */
export interface JournalReadings {
  readonly last: number;
  readonly bytes: number;
  readonly segments: number;
  readonly lost: number;
  readonly failing: { readonly waiting: number } | null;
  /** How long each write took, ms. */
  readonly writes: Observable<number>;
}

const WRITE_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** How the journal is. @returns what ends it */
export function journalMetrics(instruments: Instruments, journal: JournalReadings): Subscription {
  instruments.readGauge('journal_bytes', 'Size of the journal on disk', [], () => one(journal.bytes));
  instruments.readGauge('journal_segments', 'Files of the journal on disk', [], () => one(journal.segments));
  instruments.readGauge('journal_last_sequence', 'Sequence of the newest event', [], () => one(journal.last));
  instruments.readGauge('journal_failing', '1 while the journal cannot be written', [], () =>
    one(journal.failing ? 1 : 0),
  );
  instruments.readGauge('journal_waiting_events', 'Events in memory that wait to be written', [], () =>
    one(journal.failing?.waiting ?? 0),
  );
  instruments.readCounter('journal_lost_events_total', 'Events that never reached the disk', [], () =>
    one(journal.lost),
  );
  const writes = instruments.histogram(
    'journal_write_seconds',
    'Time of one write until it would survive a power cut',
    WRITE_SECONDS,
  );
  return journal.writes.subscribe((ms) => writes.observe(ms / 1000));
}

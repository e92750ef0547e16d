import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Observable } from 'rxjs';
import type { Clock } from '../base/clock.js';
import { GatehouseError, isDiskFull } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { Draft, GatehouseEvent } from './event.js';
import { steadyClock, type SteadyClock } from '../base/steady-clock.js';
import { JournalFiles, type Segment } from './journal-files.js';
import { listSegments } from './list-segments.js';
import { JournalWriter } from './journal-writer.js';
import type { JournalFailure } from './journal-failure.js';
import { openSegment, readSegment, scanSegment, type OpenSegment } from './segment.js';
import { openSequenceFile } from './sequence-file.js';

export type { JournalFailure } from './journal-failure.js';

export interface JournalOptions {
  folder: string;
  /** Oldest events go when there are more bytes than this, a segment at a time. */
  maxBytes: number;
  /** Events older than this go, ms; Infinity keeps them. A wall clock that leaps makes nothing old: see SteadyClock. */
  maxAgeMs: number;
  clock: Clock;
  log: Log;
  /** Events that are kept in memory while they cannot be written; the oldest are lost beyond it. */
  maxWaiting?: number;
  /** A segment that is larger gives way to the next, bytes. */
  segmentBytes?: number;
  /** For tests: how segments are written. */
  openSegment?: OpenSegment;
}

/** What happened, on disk, in the order in which it was told. */
export interface Journal {
  /**
   * Gives events their place and writes them down; what is appended at the same time is written with one flush.
   *
   * Resolves, in the order of the calls, once they survive a kill or a power cut. While the disk is full or
   * failing it resolves all the same, with `failing` saying so: the desk goes on, the events are kept in memory
   * and written as soon as that is possible. Rejects with JOURNAL_FAILED after `close`.
   */
  append(drafts: readonly Draft[]): Promise<GatehouseEvent[]>;
  /**
   * Events after a sequence, oldest first, up to the newest at the time of the call. Read from disk piece by
   * piece: memory stays the same however many there are. What is damaged or was lost is left out.
   */
  since(seq: number): AsyncGenerator<GatehouseEvent>;
  /** Sequence of the oldest event that is kept; `last + 1` where there is none. */
  readonly oldest: number;
  /** Sequence of the newest event that was handed on; 0 before the first one ever. */
  readonly last: number;
  readonly failing: JournalFailure | null;
  /** On disk. */
  readonly bytes: number;
  /** Files on disk. */
  readonly segments: number;
  /** How long each write took until it would survive a power cut, ms. */
  readonly writes: Observable<number>;
  /** Events that never reached the disk, since start. */
  readonly lost: number;
  /** What was found damaged, in the operator's words (JOURNAL_CORRUPT); null while all is well. */
  readonly damage: string | null;
  /** Whether the wall clock is right as far as anybody can tell: nothing is to be deleted by it otherwise. */
  readonly clockIsBelieved: boolean;
  close(): Promise<void>;
}

/** Fewer bytes than the shortest event has: so many sequences at most can be behind damaged bytes. */
const SHORTEST_LINE = 40;

/**
 * Opens the journal of a folder, in whatever state a kill or a power cut has left it: an event that was not
 * written to its end is cut off (nobody was told of it), lines damaged in the middle are passed over and
 * reported, and no sequence is given twice, even where all segments are gone.
 *
 * Rejects with DATA_NOT_WRITABLE, DISK_FULL or JOURNAL_FAILED where the folder cannot be used.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { folder, clock, log, maxBytes, maxAgeMs } = options;
  const open = options.openSegment ?? openSegment;
  try {
    await mkdir(folder, { recursive: true });
    const segments = await listSegments(folder);
    const sequence = await openSequenceFile(join(folder, 'sequence'));
    const damage: Damage = { lines: 0, segments: new Set() };
    const newest = segments.at(-1);
    let last = sequence.floor;
    if (newest) {
      const scan = await scanSegment(newest.path);
      if (scan.tornBytes > 0) {
        const writer = await open(newest.path);
        await writer.truncate(scan.wholeBytes);
        await writer.close();
        log.warn(
          { bytes: scan.tornBytes },
          'the journal ended in the middle of an event; that one was cut off',
        );
      }
      newest.bytes = scan.wholeBytes;
      newest.started = scan.firstAt === null ? null : { wall: scan.firstAt };
      damage.lines = scan.damagedLines;
      damage.segments.add(newest.path);
      const hidden = scan.damagedAtEnd > 0 ? Math.floor(scan.damagedAtEnd / SHORTEST_LINE) + 1 : 0;
      last = Math.max(last, (scan.lastSeq ?? newest.firstSeq - 1) + hidden);
    }
    const newestAt = newest && 'wall' in newest.newest ? newest.newest.wall : null;
    const steady = await steadyClock(join(folder, 'retention'), newestAt, clock);
    const files = new JournalFiles({
      ...{ folder, clock, steady, log, maxBytes, maxAgeMs, segments, sequence, open },
      segmentBytes: options.segmentBytes ?? Math.min(4 << 20, Math.max(64 << 10, Math.floor(maxBytes / 8))),
    });
    const writer = new JournalWriter({
      ...{ folder, clock, log, files, sequence, last },
      maxWaiting: options.maxWaiting ?? 10_000,
    });
    writer.start();
    return journalOver(writer, steady, log, damage);
  } catch (cause) {
    throw unusable(folder, cause);
  }
}

interface Damage {
  lines: number;
  /** Those whose damage is counted. */
  segments: Set<string>;
}

function journalOver(writer: JournalWriter, steady: SteadyClock, log: Log, damage: Damage): Journal {
  const report = () =>
    log.error(
      { code: 'JOURNAL_CORRUPT', lines: damage.lines },
      'the journal is damaged; what can be read is kept',
    );
  if (damage.lines > 0) report();
  return {
    append: (drafts) => writer.append(drafts, () => ({ id: randomUUID() })),
    async *since(seq) {
      const upTo = writer.last;
      let at = seq;
      while (at < upTo) {
        const from = at;
        const { written } = writer;
        for (const segment of [...writer.segments]) {
          const next = writer.segments[writer.segments.indexOf(segment) + 1] as Segment | undefined;
          if (next && next.firstSeq - 1 <= at) continue;
          let damagedHere = 0;
          try {
            for await (const event of readSegment(
              segment.path,
              at,
              Math.min(upTo, writer.written),
              () => (damagedHere += 1),
            )) {
              at = event.seq;
              yield event;
            }
          } catch (error) {
            // Its time was over while somebody was still reading.
            if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
          }
          if (damagedHere > 0 && !damage.segments.has(segment.path)) {
            damage.segments.add(segment.path);
            damage.lines += damagedHere;
            report();
          }
        }
        for (const event of writer.waitingBetween(at, upTo)) {
          at = event.seq;
          yield event;
        }
        // What was in memory when the file was read, and on disk when the memory was, is read once more. The rest was lost.
        if (at === from && (written >= upTo || written === writer.written)) return;
      }
    },
    get oldest() {
      return writer.oldest;
    },
    get last() {
      return writer.last;
    },
    get failing() {
      return writer.failing;
    },
    get bytes() {
      return writer.segments.reduce((sum, { bytes }) => sum + bytes, 0);
    },
    get segments() {
      return writer.segments.length;
    },
    writes: writer.writes,
    get lost() {
      return writer.lost;
    },
    get damage() {
      if (damage.lines === 0) return null;
      return `${damage.lines} ${damage.lines === 1 ? 'line' : 'lines'} of the journal cannot be read; the rest is kept`;
    },
    get clockIsBelieved() {
      return steady.isBelieved;
    },
    close: () => writer.close(),
  };
}

function unusable(folder: string, cause: unknown): GatehouseError {
  if (cause instanceof GatehouseError) return cause;
  if (isDiskFull(cause)) {
    return new GatehouseError('DISK_FULL', `the disk of ${folder} is full`, 'Free some space.', { cause });
  }
  const code = (cause as NodeJS.ErrnoException | null)?.code ?? String(cause);
  const denied = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code);
  return new GatehouseError(
    denied ? 'DATA_NOT_WRITABLE' : 'JOURNAL_FAILED',
    `the journal in ${folder} cannot be opened (${code})`,
    'Let the user that runs Gatehouse read and write the folder.',
    { cause },
  );
}

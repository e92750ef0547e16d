import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { SteadyClock } from '../base/steady-clock.js';
import type { GatehouseEvent } from './event.js';
import type { OpenSegment, SegmentWriter } from './segment.js';
import type { SequenceFile } from './sequence-file.js';

/**
 * When something was written: in this run by the monotonic clock, ms, for the wall may be set meanwhile; before this start
 * by the wall, ms since the epoch.
 */
export type Stamp = { monotonic: number } | { wall: number };

/** One file of the journal. */
export interface Segment {
  path: string;
  /** Its events have this sequence or a higher one. */
  firstSeq: number;
  /** Up to and with its last whole line. */
  bytes: number;
  /** When its first event was written; null while it is empty. */
  started: Stamp | null;
  /** When its newest event was written. */
  newest: Stamp;
}

export interface JournalFilesOptions {
  folder: string;
  maxBytes: number;
  maxAgeMs: number;
  segmentBytes: number;
  clock: Clock;
  steady: SteadyClock;
  log: Log;
  /** Oldest first. */
  segments: Segment[];
  sequence: SequenceFile;
  open: OpenSegment;
}

/** How often it is looked for what is too old, ms. */
export const RETENTION_MS = 3_600_000;

/** The journal's files: what is written goes to the newest, what is too old or too much goes from the oldest. */
export class JournalFiles {
  readonly segments: Segment[];
  readonly #options: JournalFilesOptions;
  #writer: SegmentWriter | null = null;
  #looking: Promise<void> = Promise.resolve();
  /** A write failed half-way: the file ends in something that has to go first. */
  #isDirty = false;
  /** A segment was begun, so that another may be too much. */
  retentionIsDue = true;

  constructor(options: JournalFilesOptions) {
    this.#options = options;
    this.segments = options.segments;
  }

  /** Writes events, so that they survive a power cut once it resolves; rejects with the disk's error. */
  async write(events: readonly GatehouseEvent[]): Promise<void> {
    await this.#rotate(events[0].seq);
    const segment = this.segments[this.segments.length - 1];
    const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    await this.#opened(segment.path);
    if (this.#isDirty) await this.#writer!.truncate(segment.bytes);
    this.#isDirty = true;
    await this.#writer!.write(bytes, segment.bytes);
    this.#isDirty = false;
    segment.bytes += bytes.length;
    segment.newest = this.#now();
    segment.started ??= segment.newest;
  }

  /**
   * Deletes what is too old or too much, whole segments, oldest first; the newest stays, for its name counts on. Never rejects.
   *
   * @param next sequence that is written next, for a new segment where even the newest is too old; null: it stays
   */
  async retain(next: number | null): Promise<void> {
    const { maxBytes, maxAgeMs, log } = this.#options;
    const isOver = (segment: Segment) => this.#age(segment.newest) > maxAgeMs;
    try {
      const newest = this.segments.at(-1);
      if (newest && newest.bytes > 0 && isOver(newest) && next !== null) await this.#begin(next);
      let total = this.segments.reduce((sum, { bytes }) => sum + bytes, 0);
      while (this.segments.length > 1 && (total > maxBytes || isOver(this.segments[0]))) {
        const [oldest] = this.segments;
        await rm(oldest.path, { force: true });
        this.segments.shift();
        total -= oldest.bytes;
        log.debug({ path: oldest.path }, 'journal segment deleted');
      }
    } catch (error) {
      log.warn({ err: error }, 'old events could not be deleted; it is tried again in an hour');
    }
    // Beginning a segment asks for this again.
    this.retentionIsDue = false;
  }

  /** Every hour: whether the clock leapt is seen at once, however long the disk takes. */
  hourly(): void {
    this.#looking = this.#options.steady.look();
    this.retentionIsDue = true;
  }

  async close(): Promise<void> {
    await this.#looking;
    await this.#writer?.close().catch(() => undefined);
    this.#writer = null;
  }

  #now(): Stamp {
    return { monotonic: this.#options.clock.monotonic() };
  }

  /** ms. */
  #age(stamp: Stamp): number {
    const { clock, steady } = this.#options;
    return 'wall' in stamp ? steady.ageOfEarlier(stamp.wall) : clock.monotonic() - stamp.monotonic;
  }

  async #opened(path: string): Promise<void> {
    this.#writer ??= await this.#options.open(path);
  }

  /** Goes on in a new segment where the present one is large, or old enough that its end would keep it from going. */
  async #rotate(seq: number): Promise<void> {
    const { segmentBytes, maxAgeMs } = this.#options;
    const present = this.segments.at(-1);
    // First what failed half-way is put right, or it would stay behind.
    if (this.#isDirty) return;
    const age = present?.started ? this.#age(present.started) : 0;
    if (present && present.bytes < segmentBytes && age < Math.max(RETENTION_MS, maxAgeMs / 8)) return;
    await this.#begin(seq);
  }

  async #begin(seq: number): Promise<void> {
    const { folder, sequence } = this.#options;
    await mkdir(folder, { recursive: true });
    await this.#writer?.close();
    this.#writer = null;
    const path = join(folder, `events-${String(seq).padStart(16, '0')}.jsonl`);
    await this.#opened(path);
    this.#isDirty = false;
    this.segments.push({ path, firstSeq: seq, bytes: 0, started: null, newest: this.#now() });
    this.retentionIsDue = true;
    await sequence.raise(seq - 1);
  }
}

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Subject, Subscription } from 'rxjs';
import type { Clock } from '../base/clock.js';
import { GatehouseError, isDiskFull } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { Draft, GatehouseEvent } from './event.js';
import type { OpenSegment, SegmentWriter } from './segment.js';
import type { SequenceFile } from './sequence-file.js';

/** Why events cannot be written now. */
export interface JournalFailure {
  code: 'DISK_FULL' | 'JOURNAL_FAILED';
  /** In the operator's words. */
  reason: string;
  /** Events that have their sequence, were handed on and wait in memory. */
  waiting: number;
}

/** One file of the journal. */
export interface Segment {
  path: string;
  /** Its events have this sequence or a higher one. */
  firstSeq: number;
  /** Up to and with its last whole line. */
  bytes: number;
  /** When its first event was written, ms since the epoch; null while it is empty. */
  startedAt: number | null;
  /** When its newest event was written, ms since the epoch. */
  newestAt: number;
}

export interface JournalWriterOptions {
  folder: string;
  maxBytes: number;
  maxAgeMs: number;
  maxWaiting: number;
  segmentBytes: number;
  clock: Clock;
  log: Log;
  /** Oldest first. */
  segments: Segment[];
  sequence: SequenceFile;
  /** Highest sequence that was ever given. */
  last: number;
  open: OpenSegment;
}

const RETRY_MS = 1_000;
/** A disk that does not answer within this time counts as failing, ms: nobody waits for it any longer. */
const ANSWER_MS = 2_000;
const RETENTION_MS = 3_600_000;
/** What waits is written in pieces, so that one write is never as large as the memory queue. */
const PIECE = 500;

interface Call {
  events: GatehouseEvent[];
  resolve(events: GatehouseEvent[]): void;
}

/** Writes the journal: one thing at a time, everything that waits with one flush. */
export class JournalWriter {
  readonly segments: Segment[];
  /** Sequence of the newest event that was handed on. */
  last: number;
  /** Sequence of the newest event on disk. */
  written: number;
  lost = 0;
  /** How long each write took until it would survive a power cut, ms; failed ones are not told. */
  readonly writes = new Subject<number>();
  readonly #options: JournalWriterOptions;
  #given: number;
  #writer: SegmentWriter | null = null;
  /** A write failed half-way: the file ends in something that has to go first. */
  #isDirty = false;
  #calls: Call[] = [];
  #waiting: GatehouseEvent[] = [];
  #failure: { code: JournalFailure['code']; reason: string } | null = null;
  #retryIsDue = false;
  #retentionIsDue = true;
  #working: Promise<void> | null = null;
  #closed = false;
  /** What the disk does not answer to, and the events in it. Nothing else is begun on the disk until it has ended. */
  #stuck: { events: readonly GatehouseEvent[]; ended: Promise<void> } | null = null;
  readonly #timers = new Subscription();

  constructor(options: JournalWriterOptions) {
    this.#options = options;
    this.segments = options.segments;
    this.#given = this.last = this.written = options.last;
  }

  start(): void {
    const { scheduler } = this.#options.clock;
    const everyHour = () => {
      this.#retentionIsDue = true;
      this.#work();
      this.#timers.add(scheduler.schedule(everyHour, RETENTION_MS));
    };
    everyHour();
  }

  get oldest(): number {
    const waiting = this.#unwritten().at(0)?.seq ?? this.last + 1;
    return Math.min(this.segments.at(0)?.firstSeq ?? waiting, this.last + 1);
  }

  get failing(): JournalFailure | null {
    return this.#failure && { ...this.#failure, waiting: this.#unwritten().length };
  }

  waitingBetween(after: number, upTo: number): GatehouseEvent[] {
    return this.#unwritten().filter(({ seq }) => seq > after && seq <= upTo);
  }

  #unwritten(): readonly GatehouseEvent[] {
    return this.#stuck ? [...this.#stuck.events, ...this.#waiting] : this.#waiting;
  }

  append(drafts: readonly Draft[], identify: () => { id: string }): Promise<GatehouseEvent[]> {
    if (this.#closed) {
      return Promise.reject(
        new GatehouseError('JOURNAL_FAILED', 'the journal is closed', 'Start Gatehouse again.'),
      );
    }
    if (drafts.length === 0) return Promise.resolve([]);
    // The sequence first: readers find it without parsing the line.
    const events = drafts.map((draft) => ({ seq: (this.#given += 1), ...identify(), ...draft }));
    return new Promise((resolve) => {
      this.#calls.push({ events, resolve });
      this.#work();
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#timers.unsubscribe();
    this.#retryIsDue = this.#waiting.length > 0;
    this.#work();
    await this.#working;
    if (this.#stuck) {
      await this.#late(this.#stuck.ended);
      await this.#working;
    }
    const unwritten = this.#unwritten();
    if (this.#stuck) void this.#stuck.ended.then(() => this.#writer?.close()).catch(() => undefined);
    else {
      await this.#writer?.close().catch(() => undefined);
      this.#writer = null;
      await this.#options.sequence.raise(this.last);
    }
    if (unwritten.length > 0) this.#lose(unwritten);
    this.#waiting = [];
  }

  #work(): void {
    this.#working ??= (async () => {
      // What is asked for in the same turn is written with the same flush.
      await Promise.resolve();
      while (this.#calls.length > 0 || this.#retryIsDue || this.#retentionIsDue) {
        if (this.#retryIsDue) await this.#retry();
        if (this.#calls.length > 0) await this.#take(this.#calls.splice(0));
        if (this.#retentionIsDue) await this.#patiently(this.#retain());
      }
      this.#working = null;
    })();
  }

  async #take(calls: Call[]): Promise<void> {
    const events = calls.flatMap((call) => call.events);
    if (this.#failure || (await this.#patiently(this.#write(events), events)) === 'failed')
      await this.#keep(events);
    this.last = events[events.length - 1].seq;
    for (const call of calls) call.resolve(call.events);
  }

  /** Holds in memory what cannot be written. Its sequences are noted where that needs no room on the disk. */
  async #keep(events: GatehouseEvent[]): Promise<void> {
    this.#waiting.push(...events);
    const tooMany = this.#waiting.length - this.#options.maxWaiting;
    if (tooMany > 0) this.#lose(this.#waiting.splice(0, tooMany));
    if (!this.#stuck)
      await this.#patiently(this.#options.sequence.raise(events[events.length - 1].seq).then(() => true));
  }

  #lose(events: readonly GatehouseEvent[]): void {
    this.lost += events.length;
    this.#options.log.error(
      { code: 'JOURNAL_FAILED', from: events[0].seq, to: events[events.length - 1].seq },
      'events could not be written and are lost from the journal',
    );
  }

  async #retry(): Promise<void> {
    this.#retryIsDue = false;
    if (this.#stuck) return;
    while (this.#waiting.length > 0) {
      const piece = this.#waiting.splice(0, PIECE);
      const outcome = await this.#patiently(this.#write(piece), piece);
      if (outcome === 'failed') this.#waiting.unshift(...piece);
      if (outcome !== 'done') return;
    }
    if (this.#failure)
      this.#options.log.info('the journal can be written again; nothing is waiting any more');
    this.#failure = null;
  }

  /**
   * Waits for the disk, but not for ever. stuck: it did not answer in time; it is left to end by itself, with the events
   * in its hands, and what comes meanwhile waits in memory.
   */
  async #patiently(
    doing: Promise<boolean>,
    events: readonly GatehouseEvent[] = [],
  ): Promise<'done' | 'failed' | 'stuck'> {
    const done = await this.#late(doing);
    if (done !== 'late') return done ? 'done' : 'failed';
    const { folder, log } = this.#options;
    const reason = `the disk of ${folder} does not answer: what happens is shown, but not on record until it does`;
    log.error({ code: 'JOURNAL_FAILED' }, reason);
    this.#failure = { code: 'JOURNAL_FAILED', reason };
    const ended = doing.then((isWritten) => {
      this.#stuck = null;
      if (!isWritten) this.#waiting.unshift(...events);
      this.#retryIsDue = true;
      this.#work();
    });
    this.#stuck = { events, ended };
    return 'stuck';
  }

  /** What comes of it, or `late` where that takes too long. */
  async #late<T>(doing: Promise<T>): Promise<T | 'late'> {
    let alarm = Subscription.EMPTY;
    const late = new Promise<'late'>((resolve) => {
      alarm = this.#options.clock.scheduler.schedule(() => resolve('late'), ANSWER_MS);
    });
    try {
      return await Promise.race([doing, late]);
    } finally {
      alarm.unsubscribe();
    }
  }

  async #write(events: readonly GatehouseEvent[]): Promise<boolean> {
    const { clock } = this.#options;
    const began = clock.monotonic();
    try {
      await this.#rotate(events[0].seq);
      const segment = this.segments[this.segments.length - 1];
      const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      await this.#opened(segment.path);
      if (this.#isDirty) await this.#writer!.truncate(segment.bytes);
      this.#isDirty = true;
      await this.#writer!.write(bytes, segment.bytes);
      this.#isDirty = false;
      segment.bytes += bytes.length;
      segment.newestAt = clock.wall();
      segment.startedAt ??= segment.newestAt;
      this.written = events[events.length - 1].seq;
      this.writes.next(clock.monotonic() - began);
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  async #opened(path: string): Promise<void> {
    this.#writer ??= await this.#options.open(path);
  }

  /** Goes on in a new segment where the present one is large, or old enough that its end would keep it from going. */
  async #rotate(seq: number): Promise<void> {
    const { segmentBytes, maxAgeMs, clock } = this.#options;
    const present = this.segments.at(-1);
    // First what failed half-way is put right, or it would stay behind.
    if (this.#isDirty) return;
    const age = clock.wall() - (present?.startedAt ?? clock.wall());
    if (present && present.bytes < segmentBytes && age < Math.max(RETENTION_MS, maxAgeMs / 8)) return;
    await this.#begin(seq);
  }

  async #begin(seq: number): Promise<void> {
    const { folder, clock, sequence } = this.#options;
    await mkdir(folder, { recursive: true });
    await this.#writer?.close();
    this.#writer = null;
    const path = join(folder, `events-${String(seq).padStart(16, '0')}.jsonl`);
    await this.#opened(path);
    this.#isDirty = false;
    this.segments.push({ path, firstSeq: seq, bytes: 0, startedAt: null, newestAt: clock.wall() });
    this.#retentionIsDue = true;
    await sequence.raise(seq - 1);
  }

  #fail(error: unknown): void {
    const { folder, log, clock } = this.#options;
    const isFull = isDiskFull(error);
    const code = isFull ? 'DISK_FULL' : 'JOURNAL_FAILED';
    const why = isFull
      ? `the disk of ${folder} is full`
      : `${folder} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
    const reason = `${why}: what happens is shown, but not on record until it can be written`;
    if (!this.#failure) log.error({ code, err: error }, reason);
    this.#failure = { code, reason };
    if (this.#closed) return;
    this.#timers.add(
      clock.scheduler.schedule(() => {
        this.#retryIsDue = true;
        this.#work();
      }, RETRY_MS),
    );
  }

  /** Deletes what is too old or too much, whole segments, oldest first; the newest stays, for its name counts on. */
  async #retain(): Promise<boolean> {
    this.#retentionIsDue = false;
    if (this.#stuck) return true;
    const { maxBytes, maxAgeMs, clock, log } = this.#options;
    const isOver = (segment: Segment) => clock.wall() - segment.newestAt > maxAgeMs;
    try {
      const newest = this.segments.at(-1);
      if (newest && newest.bytes > 0 && isOver(newest) && !this.#failure)
        await this.#begin(this.#nextToWrite());
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
    this.#retentionIsDue = false;
    return true;
  }

  #nextToWrite(): number {
    return this.#waiting.at(0)?.seq ?? this.last + 1;
  }
}

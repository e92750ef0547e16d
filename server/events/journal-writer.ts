import { Subject, Subscription } from 'rxjs';
import type { Clock } from '../base/clock.js';
import { GatehouseError } from '../base/errors.js';
import { orLate } from '../base/or-late.js';
import type { Log } from '../base/log.js';
import type { Draft, GatehouseEvent } from './event.js';
import { failureOf, type JournalFailure } from './journal-failure.js';
import { RETENTION_MS, type JournalFiles, type Segment } from './journal-files.js';
import type { SequenceFile } from './sequence-file.js';

export interface JournalWriterOptions {
  folder: string;
  maxWaiting: number;
  clock: Clock;
  log: Log;
  files: JournalFiles;
  sequence: SequenceFile;
  /** Highest sequence that was ever given. */
  last: number;
}

const RETRY_MS = 1_000;
/** A disk that does not answer within this time counts as failing, ms: nobody waits for it any longer. */
const ANSWER_MS = 2_000;
/** What waits is written in pieces, so that one write is never as large as the memory queue. */
const PIECE = 500;

interface Call {
  events: GatehouseEvent[];
  resolve(events: GatehouseEvent[]): void;
}

/** Writes the journal: one thing at a time, everything that waits with one flush. */
export class JournalWriter {
  /** Sequence of the newest event that was handed on. */
  last: number;
  /** Sequence of the newest event on disk. */
  written: number;
  lost = 0;
  /** How long each write took until it would survive a power cut, ms; failed ones are not told. */
  readonly writes = new Subject<number>();
  readonly #options: JournalWriterOptions;
  #given: number;
  #calls: Call[] = [];
  #waiting: GatehouseEvent[] = [];
  /** Taken from those that wait, and just being written. */
  #piece: readonly GatehouseEvent[] = [];
  #failure: Omit<JournalFailure, 'waiting'> | null = null;
  #retryIsDue = false;
  #working: Promise<void> | null = null;
  #closed = false;
  /** What the disk does not answer to, and the events in it. Nothing else is begun on the disk until it has ended. */
  #stuck: { events: readonly GatehouseEvent[]; ended: Promise<void> } | null = null;
  readonly #timers = new Subscription();

  constructor(options: JournalWriterOptions) {
    this.#options = options;
    this.#given = this.last = this.written = options.last;
  }

  start(): void {
    const { scheduler } = this.#options.clock;
    const everyHour = () => {
      this.#options.files.hourly();
      this.#work();
      this.#timers.add(scheduler.schedule(everyHour, RETENTION_MS));
    };
    everyHour();
  }

  get segments(): readonly Segment[] {
    return this.#options.files.segments;
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
    const underWay = this.#stuck?.events ?? this.#piece;
    return underWay.length > 0 ? [...underWay, ...this.#waiting] : this.#waiting;
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
      await orLate(this.#stuck.ended, ANSWER_MS, this.#options.clock);
      await this.#working;
    }
    const unwritten = this.#unwritten();
    const { files } = this.#options;
    if (this.#stuck) void this.#stuck.ended.then(() => files.close());
    else {
      await files.close();
      await this.#options.sequence.raise(this.last);
    }
    if (unwritten.length > 0) this.#lose(unwritten);
    this.#waiting = [];
  }

  #work(): void {
    const { files } = this.#options;
    this.#working ??= (async () => {
      // What is asked for in the same turn is written with the same flush.
      await Promise.resolve();
      while (this.#calls.length > 0 || this.#retryIsDue || files.retentionIsDue) {
        if (this.#retryIsDue) await this.#retry();
        if (this.#calls.length > 0) await this.#take(this.#calls.splice(0));
        if (files.retentionIsDue) await this.#patiently(this.#retain());
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
      const piece = (this.#piece = this.#waiting.splice(0, PIECE));
      const outcome = await this.#patiently(this.#write(piece), piece);
      this.#piece = [];
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
    const done = await orLate(doing, ANSWER_MS, this.#options.clock);
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

  async #write(events: readonly GatehouseEvent[]): Promise<boolean> {
    const { clock, files } = this.#options;
    const began = clock.monotonic();
    try {
      await files.write(events);
      this.written = events[events.length - 1].seq;
      this.writes.next(clock.monotonic() - began);
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  #fail(error: unknown): void {
    const { folder, log, clock } = this.#options;
    const failure = failureOf(error, folder);
    if (!this.#failure) log.error({ code: failure.code, err: error }, failure.reason);
    this.#failure = failure;
    if (this.#closed) return;
    this.#timers.add(
      clock.scheduler.schedule(() => {
        this.#retryIsDue = true;
        this.#work();
      }, RETRY_MS),
    );
  }

  async #retain(): Promise<boolean> {
    const { files } = this.#options;
    files.retentionIsDue = false;
    // Nothing is begun on a disk that does not answer.
    if (!this.#stuck) await files.retain(this.#failure ? null : this.#nextToWrite());
    return true;
  }

  #nextToWrite(): number {
    return this.#waiting.at(0)?.seq ?? this.last + 1;
  }
}

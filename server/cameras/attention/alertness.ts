import { wakeCauses, type AttentionState, type WakeCause } from './attention.js';

/**
 * Whether a camera is awake, until when, and how often and why it woke. Pure bookkeeping: times are monotonic ms and
 * are handed in, in order.
 */
export class Alertness {
  readonly #quietMs: number;
  readonly wakes = Object.fromEntries(wakeCauses.map((cause) => [cause, 0])) as Record<WakeCause, number>;
  #state: AttentionState | null = null;
  #since = 0;
  #until = 0;
  #awakeMs = 0;
  #cause: WakeCause = 'start';
  #proved = false;

  /** @param quietMs without a reason for so long it may fall asleep */
  constructor(quietMs: number) {
    this.#quietMs = quietMs;
  }

  get state(): AttentionState | null {
    return this.#state;
  }

  /** Why it is awake. */
  get cause(): WakeCause {
    return this.#cause;
  }

  /** Whether anything moved or anybody was followed since it woke. */
  get proved(): boolean {
    return this.#proved;
  }

  wake(cause: WakeCause, now: number): void {
    this.#until = now + this.#quietMs;
    if (this.#state === 'awake') return;
    this.#state = 'awake';
    this.#since = now;
    this.#cause = cause;
    this.#proved = false;
    this.wakes[cause] += 1;
  }

  /** There is a reason to stay awake: something moved, somebody is followed. */
  stay(now: number): void {
    this.#until = now + this.#quietMs;
    this.#proved = true;
  }

  /** For how long there has been no reason to be awake beyond what makes it quiet, ms; below 0: it may not rest yet. */
  overdueMs(now: number): number {
    return now - this.#until;
  }

  rest(now: number): void {
    this.#count(now);
    this.#state = 'quiet';
  }

  /** The camera is gone. */
  stop(now: number): void {
    this.#count(now);
    this.#state = null;
  }

  awakeSeconds(now: number): number {
    return (this.#awakeMs + (this.#state === 'awake' ? now - this.#since : 0)) / 1000;
  }

  #count(now: number): void {
    if (this.#state === 'awake') this.#awakeMs += now - this.#since;
  }
}

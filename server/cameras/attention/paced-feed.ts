import type { Subscription } from 'rxjs';
import type { Clock } from '../../base/clock.js';
import type { Arrival } from './recent-video.js';

export interface FeedOptions {
  /** Pictures that arrived before are wanted only to decode the others: monotonic ms. */
  readonly from: number;
  readonly write: (bytes: Uint8Array) => void;
  /** Bytes that were written and that the decoder has not read yet. */
  readonly pending: () => number;
  /** Whether the latest frame still waits to be looked at. */
  readonly isWaiting: () => boolean;
  readonly clock: Clock;
}

/** What lies behind is fed so many times as fast as it was filmed: as fast as frames are taken, within these bounds. */
const FASTEST = 4;
const SLOWEST = 1.5;
/** A frame that waits is looked for again after so long, ms. */
const LOOK_MS = 5;
/**
 * A decoder that has not shown a picture after so long gets another of those that are wanted, and then one each so often, ms: one may
 * be damaged. Not more, for a decoder whose start takes that long would show them all at once.
 */
const FIRST_MS = 1000;
const FURTHER_MS = 250;
/** A decoder that is further behind, ms, goes on at the latest key picture: late names are of no use. */
export const MOST_BEHIND_MS = 5_000;
/** So near to what comes, ms, it has caught up. */
const CAUGHT_UP_MS = 200;
/** One that has not after so long, ms, does not get enough of a processor to: at the slowest, four seconds take eight. */
const CATCH_UP_MS = 10_000;
/** One that has caught up, or should have, and is this far behind, ms, goes on at the latest key picture. */
const BEHIND_AGAIN_MS = 500;

/**
 * Hands a camera's video to its decoder: what is needed to begin, at once; then what lies behind, faster than it
 * was filmed but no faster than it can be looked at; and, once it has caught up, whatever comes. Its frames thus leave
 * the decoder one by one, and a slot that holds one frame does not lose them.
 *
 * A decoder that cannot keep up is bounded in what lies before it: all up to the latest key picture is left out. To know
 * how far behind it is, nothing is written while it has not read what was: beyond that, the system's own buffer holds a
 * few tenths of a second.
 */
export class PacedFeed {
  readonly #options: FeedOptions;
  #queue: Arrival[] = [];
  #fed: { at: number; when: number } | null = null;
  #began: number | null = null;
  #shown = false;
  /** When it was made, monotonic ms: what lay further back then is no sign of a decoder that is too slow. */
  readonly #madeAt: number;
  #caughtUp = false;
  #alarm: Subscription | null = null;
  #stopped = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#madeAt = options.clock.monotonic();
  }

  /** When the picture that was fed last had arrived, monotonic ms; null before the first. */
  get fedAt(): number | null {
    return this.#fed?.at ?? null;
  }

  /** Whether the decoder has shown a picture. */
  get isShown(): boolean {
    return this.#shown;
  }

  push(...arrivals: readonly Arrival[]): void {
    this.#queue.push(...arrivals);
    this.#leaveOut();
    if (this.#alarm === null) this.#pump();
  }

  /** The decoder has shown a picture: it runs, and what comes next is fed at its pace. */
  shown(): void {
    if (this.#shown) return;
    this.#shown = true;
    this.#pump();
  }

  stop(): void {
    this.#stopped = true;
    this.#alarm?.unsubscribe();
    this.#queue = [];
  }

  #pump(): void {
    this.#alarm?.unsubscribe();
    this.#alarm = null;
    const { clock } = this.#options;
    while (this.#queue.length > 0 && !this.#stopped) {
      const now = clock.monotonic();
      const wait = this.#wait(this.#queue[0], now);
      if (wait > 0) {
        this.#alarm = clock.scheduler.schedule(() => this.#pump(), wait);
        return;
      }
      const { fragment, at } = this.#queue.shift()!;
      if (at >= this.#options.from) this.#began ??= now;
      this.#fed = { at, when: now };
      this.#options.write(fragment.bytes);
      if (this.#shown && now - at < CAUGHT_UP_MS) this.#caughtUp = true;
    }
  }

  /** How long the next picture has to wait, ms. */
  #wait({ at }: Arrival, now: number): number {
    const { from, pending, isWaiting } = this.#options;
    // All that is needed to begin is written at once.
    if (at < from || this.#began === null || this.#fed === null) return 0;
    if (pending() > 0) return LOOK_MS;
    // While the decoder starts, pictures would pile up before it and then come all at once.
    if (!this.#shown) return Math.max(0, this.#began + FIRST_MS - now, this.#fed.when + FURTHER_MS - now);
    const apart = Math.max(0, at - this.#fed.at);
    const due = this.#fed.when + apart / FASTEST - now;
    if (due > 0) return due;
    return isWaiting() && now < this.#fed.when + apart / SLOWEST ? LOOK_MS : 0;
  }

  #leaveOut(): void {
    const { clock } = this.#options;
    const oldest = this.#queue.at(0);
    if (oldest === undefined) return;
    const now = clock.monotonic();
    if (this.#began !== null && now > this.#began + CATCH_UP_MS) this.#caughtUp = true;
    const isBehind = this.#caughtUp
      ? now - oldest.at > BEHIND_AGAIN_MS
      : now - Math.max(oldest.at, this.#madeAt) > MOST_BEHIND_MS;
    if (!isBehind) return;
    const key = this.#queue.findLastIndex(({ fragment }) => fragment.keyframe);
    if (key > 0) this.#queue.splice(0, key);
  }
}

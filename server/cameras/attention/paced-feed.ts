import type { Subscription } from 'rxjs';
import type { Clock } from '../../base/clock.js';
import { HeldBack } from './held-back.js';
import type { Arrival } from './recent-video.js';

export interface FeedOptions {
  /** @param wanted whether the picture is to be delivered; otherwise it is needed for others only */
  readonly write: (arrival: Arrival, wanted: boolean) => void;
  /** Pictures that were written after the oldest that is to be shown and is not yet; 0 where there is none. */
  readonly unshown: () => number;
  /** Bytes that were written and that the decoder has not read yet. */
  readonly pending: () => number;
  /** Whether the latest frame still waits to be looked at. */
  readonly isWaiting: () => boolean;
  /** Rather in time than whole. */
  readonly isTimely: boolean;
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
/** A decoder that is further behind than this, ms, goes on at the latest key picture: late names are of no use. */
const MOST_BEHIND_MS = 150;
/** One that is to be whole, ms: what it holds is bounded. */
const MOST_BEHIND_WHOLE_MS = 10_000;
/**
 * Until it has caught up it may be as far behind as it began, and so much more, ms, less what it catches up at the
 * slowest; one that does not does not get enough of a processor to.
 */
const SLACK_MS = 500;
const CATCHING_UP = SLOWEST - 1;
/**
 * Where that was decoded before, it waits for the next, unless that is far: so much of the time from one key picture to
 * the next it may be behind. It then shows the beginning of each group of pictures, in time, and not all of it, late.
 */
const BEHIND_OF_GROUP = 0.15;

/**
 * For a decoder that shows nothing at all for so long, ms, nobody waits: a picture was damaged, or it holds back more than
 * is known of it.
 */
const SHOWS_NOTHING_MS = 500;
/** To one that is to be whole so many more are fed all the same: none has to wait until it is known that another is shown. */
const AHEAD_WHOLE = 2;

interface Waiting extends Arrival {
  readonly wanted: boolean;
}

/**
 * Hands a camera's video to its decoder: key pictures as they come; or what is needed to begin, at once, then what lies behind,
 * faster than it was filmed but no faster than it can be looked at, and, once it has caught up, whatever comes. Frames thus
 * leave the decoder one by one, and a slot that holds one frame does not lose them.
 *
 * A decoder that cannot keep up is bounded in what lies before it: all up to a key picture is left out. To know
 * how far behind it is, nothing is written while it has not read, or not shown, what was: one picture may follow the one that is to be
 * shown, and as many more as the decoder is known to hold back. Each more was 70 ms, where fourteen shared two processors.
 */
export class PacedFeed {
  readonly #options: FeedOptions;
  #queue: Waiting[] = [];
  #fed: { at: number; when: number } | null = null;
  /** The picture that was shown last: when it had arrived, and when it was shown, monotonic ms. */
  #last: { at: number; when: number } | null = null;
  /** When the first wanted picture since the latest beginning was fed, monotonic ms. */
  #began: number | null = null;
  /** How far behind the latest beginning was, ms, and since when it is to catch up, monotonic ms; null: not before it shows. */
  #catchUp: { behind: number; since: number | null } = { behind: 0, since: null };
  /** The latest key picture that came, and how long after the one before, ms. */
  #key = { at: -Infinity, apart: 0 };
  #waitsForKey = false;
  #leftOut = 0;
  readonly #heldBack = new HeldBack();
  #alarm: Subscription | null = null;
  #stopped = false;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** When the picture that was fed last had arrived, monotonic ms; null before the first. */
  get fedAt(): number | null {
    return this.#fed?.at ?? null;
  }

  /** Whether the decoder has shown a picture. */
  get isShown(): boolean {
    return this.#last !== null;
  }

  /** Whether the decoder has not read what was written. */
  get isUnread(): boolean {
    return this.#options.pending() > 0;
  }

  /** Wanted pictures that were left out, for the decoder was behind. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /**
   * Goes back: what waits is forgotten, and `backlog` follows.
   *
   * @param backlog from a key picture on
   * @param from what arrived before this moment, monotonic ms, is wanted only to decode the rest
   */
  begin(backlog: readonly Arrival[], from: number): void {
    this.#queue = [];
    this.#began = null;
    const now = this.#options.clock.monotonic();
    const first = backlog.find(({ at }) => at >= from);
    this.#catchUp = { behind: first ? now - first.at : 0, since: null };
    this.#waitsForKey = false;
    this.#append(backlog.map(({ fragment, at }) => ({ fragment, at, wanted: at >= from })));
  }

  push(arrival: Arrival, wanted = true): void {
    if (this.#waitsForKey && !arrival.fragment.keyframe) {
      this.#leftOut += 1;
      return;
    }
    this.#waitsForKey = false;
    this.#append([{ ...arrival, wanted }]);
  }

  /** What waits is not wanted any more. */
  clear(): void {
    this.#queue = [];
    this.#alarm?.unsubscribe();
    this.#alarm = null;
  }

  /**
   * The decoder has shown a picture: what comes next is fed at its pace.
   *
   * @param at when that had arrived, monotonic ms
   */
  shown(at: number): void {
    const now = this.#options.clock.monotonic();
    this.#heldBack.shown(at);
    this.#last = { at, when: now };
    if (this.#catchUp.since === null) {
      // What came while it started, or decoded what leads up to the first, lies before it as well.
      const behind = now - (this.#queue.at(0)?.at ?? now);
      this.#catchUp = { behind: Math.max(this.#catchUp.behind, behind), since: now };
    }
    this.#pump();
  }

  stop(): void {
    this.#stopped = true;
    this.clear();
  }

  #append(arrivals: readonly Waiting[]): void {
    for (const arrival of arrivals) {
      this.#queue.push(arrival);
      if (arrival.fragment.keyframe && arrival.at > this.#key.at)
        this.#key = { at: arrival.at, apart: arrival.at - this.#key.at };
    }
    this.#leaveOut();
    if (this.#alarm === null) this.#pump();
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
      const arrival = this.#queue.shift()!;
      const { at, wanted } = arrival;
      if (wanted) this.#began ??= now;
      this.#fed = { at, when: now };
      this.#heldBack.fed(arrival);
      this.#options.write(arrival, wanted);
    }
  }

  /** How long the next picture has to wait, ms. */
  #wait({ at, wanted }: Waiting, now: number): number {
    const { pending, isWaiting, unshown } = this.#options;
    // All that is needed to begin is written at once.
    if (!wanted || this.#began === null || this.#fed === null) return 0;
    if (pending() > 0) return LOOK_MS;
    // While the decoder starts, pictures would pile up before it and then come all at once.
    if (this.#last === null)
      return Math.max(0, this.#began + FIRST_MS - now, this.#fed.when + FURTHER_MS - now);
    const since = now - Math.max(this.#last.when, this.#fed.when);
    const ahead = this.#options.isTimely ? 0 : AHEAD_WHOLE;
    if (unshown() > this.#heldBack.pictures + ahead) {
      if (since < SHOWS_NOTHING_MS) return LOOK_MS;
      this.#heldBack.showsNothing();
    }
    const apart = Math.max(0, at - this.#fed.at);
    const due = this.#fed.when + apart / FASTEST - now;
    if (due > 0) return due;
    return isWaiting() && now < this.#fed.when + apart / SLOWEST ? LOOK_MS : 0;
  }

  #leaveOut(): void {
    const oldest = this.#queue.at(0);
    if (oldest === undefined) return;
    const now = this.#options.clock.monotonic();
    const behind = now - oldest.at;
    const { behind: first, since } = this.#catchUp;
    const catching = since === null ? Infinity : first + SLACK_MS - (now - since) * CATCHING_UP;
    const most = this.#options.isTimely ? MOST_BEHIND_MS : MOST_BEHIND_WHOLE_MS;
    if (behind <= Math.max(most, catching)) return;
    const key = this.#queue.findLastIndex(({ fragment }) => fragment.keyframe);
    if (key > 0) this.#leave(0, key);
    else if (behind > this.#key.apart * BEHIND_OF_GROUP) {
      this.#leave(key + 1, this.#queue.length);
      this.#waitsForKey = true;
    }
  }

  #leave(from: number, to: number): void {
    for (const { wanted } of this.#queue.splice(from, to - from)) if (wanted) this.#leftOut += 1;
  }
}

import type { VideoFragment } from '../../frames/video.js';

/** A picture of the video and when it arrived, monotonic ms. */
export interface Arrival {
  readonly fragment: VideoFragment;
  readonly at: number;
}

/** Bytes that are held at most; two seconds of a 4K camera. */
const MOST_BYTES = 12 << 20;

/** Groups of pictures: the one that comes in, and what lies before it as far as the key picture that was looked at last. */
const MOST_GROUPS = 3;

/**
 * The latest of a camera's video from a key picture on, so that decoding can begin a little in the past: the group of
 * pictures that comes in and the two before. Fragments are held, not copied. Bounded: a group that is too large is let go
 * of, and until the next key picture there is nothing.
 */
export class RecentVideo {
  #groups: Arrival[][] = [];
  #bytes = 0;
  #keyAt: number | null = null;
  #groupMs: number | null = null;
  readonly #mostBytes: number;

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** From the latest key picture to the one before, ms; null before the second. */
  get groupMs(): number | null {
    return this.#groupMs;
  }

  /** When the latest key picture arrived, monotonic ms; null before the first. */
  get keyAt(): number | null {
    return this.#keyAt;
  }

  push(arrival: Arrival): void {
    const { fragment, at } = arrival;
    if (fragment.keyframe) {
      if (this.#keyAt !== null) this.#groupMs = at - this.#keyAt;
      this.#keyAt = at;
      this.#groups.push([]);
      if (this.#groups.length > MOST_GROUPS) this.#letGo();
    }
    if (this.#groups.length === 0) return;
    this.#groups.at(-1)!.push(arrival);
    this.#bytes += fragment.bytes.length;
    while (this.#bytes > this.#mostBytes && this.#groups.length > 0) this.#letGo();
  }

  /** All that is needed to decode what arrived from a moment on, oldest first; less where less is held. */
  since(moment: number): readonly Arrival[] {
    const from = this.#groups.findLastIndex(([key]) => key.at <= moment);
    return this.#groups.slice(Math.max(0, from)).flat();
  }

  /**
   * When the oldest arrived that is at most so much older than the latest: by its arrival or by the video's own clock,
   * for what waited for a slow network or a busy machine is no older for that.
   *
   * @param ms how much older
   * @param after what arrived no later than this, monotonic ms, does not count
   * @returns monotonic ms; Infinity where there is none
   */
  oldest(ms: number, after: number): number {
    const latest = this.#groups.at(-1)?.at(-1);
    if (!latest) return Infinity;
    const { at: arrived, fragment: last } = latest;
    const isRecent = ({ at, fragment }: Arrival) =>
      at > after && (at >= arrived - ms || fragment.decodeTimeMs >= last.decodeTimeMs - ms);
    return this.#groups.flat().find(isRecent)?.at ?? Infinity;
  }

  clear(): void {
    this.#groups = [];
    this.#bytes = 0;
    this.#keyAt = null;
    this.#groupMs = null;
  }

  #letGo(): void {
    const gone = this.#groups.shift()!;
    for (const { fragment } of gone) this.#bytes -= fragment.bytes.length;
  }
}

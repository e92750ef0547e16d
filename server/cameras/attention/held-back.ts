import type { VideoFragment } from '../../frames/video.js';
import type { Arrival } from './recent-video.js';

/** As many as H.264 and H.265 allow. */
const MOST = 16;

/**
 * How many pictures a decoder needs after one before it shows that: what the camera's reordering asks for, and what was seen of the
 * decoder itself, for one of a graphics processor may hold back more, and nobody says so.
 */
export class HeldBack {
  #reordered = 0;
  /** Beyond that. */
  #more = 0;
  #hasShown = false;
  /** When what was fed since the picture that was shown last had arrived, monotonic ms. */
  #since: number[] = [];

  /** As far as is known; one more is let through unasked, so that it is learnt. */
  get pictures(): number {
    return this.#reordered + this.#more;
  }

  fed({ fragment, at }: Arrival): void {
    this.#reordered = Math.max(this.#reordered, reorderedBy(fragment));
    this.#since.push(at);
  }

  /**
   * What was fed after a picture by the time it is shown was enough.
   *
   * @param at when it had arrived, monotonic ms
   */
  shown(at: number): void {
    this.#since = this.#since.filter((each) => each > at);
    const enough = Math.max(0, this.#since.length - 1 - this.#reordered);
    this.#more = this.#hasShown ? Math.min(this.#more, enough) : Math.min(MOST, enough);
    this.#hasShown = true;
  }

  /** It had as many as it needs, and shows nothing: a picture was damaged, or it needs more. */
  showsNothing(): void {
    // What is shown next may be a few pictures away: one step at a time would wait at each.
    this.#more = Math.min(MOST, 2 * this.#more + 2);
  }
}

/** How many pictures later than it is decoded a picture is shown; 0 unless the camera reorders them. */
export function reorderedBy({ compositionMs, durationMs }: VideoFragment): number {
  const pictures = durationMs > 0 ? Math.ceil(Math.max(0, compositionMs) / durationMs) : 0;
  // The first of a video may last one tick.
  return Math.min(MOST, pictures);
}

import type { VideoFragment } from '../../frames/video.js';
import type { RecentVideo } from './recent-video.js';

/** With key pictures further apart, a camera is not left to its key pictures, ms. */
const MOST_GROUP_MS = 10_000;
/** No second key picture so long after the video began: they are too far apart to be all that is seen at first, ms. */
const BLIND_MS = 2500;
/** Further behind, ms, it does not fall asleep. */
const BEHIND_MS = 500;
/** But after so much longer without a reason to be awake, ms, it does all the same. */
const MOST_OVERDUE_MS = 5000;
/** Key pictures that come about as often as frames are wanted leave nothing to spare, ms times frames a second. */
const OFTEN = 1500;
/** So many in a row: two may come at once after the network held them back. */
const OFTEN_IN_A_ROW = 5;

/** How far a decoder is. */
export interface Progress {
  readonly isShown: boolean;
  /** When the picture that was fed last had arrived, monotonic ms; null before the first. */
  readonly fedAt: number | null;
}

/**
 * Judges one connection by when its pictures come: whether it can be quiet at all, for how long it may be left to its key
 * pictures, and when it may rest. Pure bookkeeping: times are monotonic ms and are handed in, in order.
 */
export class Patience {
  readonly #fps: number;
  readonly #recent: Pick<RecentVideo, 'groupMs' | 'keyAt'>;
  /** When the first picture of the video arrived, when it was last left to its key pictures, and when one of those was shown. */
  #begunAt: number | null = null;
  #restedAt = -Infinity;
  #pictureAt = -Infinity;
  #often = 0;

  /**
   * @param fps frames a second that are wanted; Infinity: key pictures are never often
   * @param recent the connection's video, which a picture joins before it is judged here
   */
  constructor(fps: number, recent: Pick<RecentVideo, 'groupMs' | 'keyAt'>) {
    this.#fps = fps;
    this.#recent = recent;
  }

  /**
   * A picture of the video arrived.
   *
   * @returns why this camera can never be quiet, in the operator's words; null where it may be
   */
  arrived({ keyframe }: Pick<VideoFragment, 'keyframe'>, now: number): string | null {
    this.#begunAt ??= now;
    const { keyAt, groupMs } = this.#recent;
    if (keyAt === null && now - this.#begunAt > MOST_GROUP_MS) return 'its video has no key pictures';
    if (!keyframe || groupMs === null) return null;
    this.#often = groupMs <= OFTEN / this.#fps ? this.#often + 1 : 0;
    return this.#often >= OFTEN_IN_A_ROW ? 'most of its pictures are key pictures' : null;
  }

  /** It is left to its key pictures: it was awake until now, and what was shown then did not count as one of them. */
  rested(now: number): void {
    this.#restedAt = now;
  }

  /** A key picture was shown while it was quiet. */
  shown(now: number): void {
    this.#pictureAt = now;
  }

  /** Why a quiet camera has to be decoded though nothing happens: its key pictures are too far apart. */
  lost(now: number): 'start' | 'keyframe' | null {
    if (this.#begunAt === null) return null;
    if (this.#recent.groupMs === null) return now - this.#begunAt > BLIND_MS ? 'start' : null;
    const waitsSince = Math.max(this.#pictureAt, this.#restedAt, this.#begunAt);
    return now - waitsSince > MOST_GROUP_MS ? 'keyframe' : null;
  }

  /**
   * Whether a camera with no reason to be awake may be left to its key pictures.
   *
   * @param overdueMs for how long there has been no reason beyond what makes it quiet
   */
  mayRest(decoder: Progress, overdueMs: number, now: number): boolean {
    const { groupMs } = this.#recent;
    if (overdueMs < 0 || groupMs === null || groupMs > MOST_GROUP_MS) return false;
    if (decoder.isShown && now - decoder.fedAt! < BEHIND_MS) return true;
    // On a machine that cannot decode all of them awake, none would ever catch up, and none would sleep.
    return overdueMs > MOST_OVERDUE_MS;
  }
}

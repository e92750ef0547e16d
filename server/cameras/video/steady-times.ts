import type { SampleTimes } from './read-moof.js';

/** A step of the camera's clock may be so much longer than its pictures came apart, ms: the network holds some back, and then all come at once. */
const MOST_BEYOND_ARRIVAL_MS = 2000;
/** Shorter is no step, ms: so ffmpeg spaces what a camera sends after its clock was set back, until the old time comes again. */
const SHORTEST_STEP_MS = 1;
/** But so many in a row may be: where pictures are reordered the first come like that, and where two fields make one picture every second. */
const MOST_SHORT = 3;
/** A picture is not shown later than it is decoded, or earlier, by more than this, ms. */
const LONGEST_COMPOSITION_MS = 1000;
/** From one picture to the next until a step was believed, ms. */
const USUAL_STEP_MS = 40;
/** Further behind the arrivals than this, ms, there was a gap, and it is no longer than it really was. */
const GAP_MS = 500;
/**
 * Where the arrivals are followed, so much of what a picture was off is made up for with it, and so much is taken over into the pace: an
 * alpha-beta filter. With it the jitter of the network is a third, and another rate is kept step with after five pictures.
 */
const OF_WHAT_IS_OFF = 0.4;
const OF_THE_PACE = 0.1;

/**
 * The times of a camera's copied video, freed from the jumps of its clock (summer time, NTP, a restart of its encoder): they only go
 * forward, by the camera's own steps as long as those can be, and otherwise as its pictures arrive. A player would play a second in
 * 25 ticks or stand before a gap of an hour.
 *
 * ffmpeg's fragments last until the next picture and are written when that comes. So a fragment's duration is the step to
 * the next one, and what lies between two fragments is how far apart those pictures came.
 */
export class SteadyTimes {
  readonly #ticksAMs: number;
  /** When the next picture is decoded, ticks. */
  #next: number | null = null;
  /** When the fragment before came, monotonic ms. */
  #cameAt: number | null = null;
  /** Too short steps in a row. */
  #short = 0;
  #paceMs = USUAL_STEP_MS;
  /** How far these times are behind the arrivals since the camera's own were believed last, ms. */
  #behindMs = 0;

  /** @param timescale ticks a second */
  constructor(timescale: number) {
    this.#ticksAMs = timescale / 1000;
  }

  /**
   * The times of the next picture, in ticks.
   *
   * @param theirs by the camera's clock
   * @param now when its fragment came, monotonic ms
   */
  next(theirs: SampleTimes, now: number): SampleTimes {
    const cameApartMs = now - (this.#cameAt ?? now);
    this.#cameAt = now;
    const decodeTime = this.#next ?? theirs.decodeTime;
    this.#behindMs += cameApartMs;
    const duration = this.#believes(theirs.duration / this.#ticksAMs, cameApartMs)
      ? theirs.duration
      : Math.max(1, Math.round(this.#stepBehindArrivalMs() * this.#ticksAMs));
    this.#next = decodeTime + duration;
    const isShownThen = Math.abs(theirs.compositionOffset) <= LONGEST_COMPOSITION_MS * this.#ticksAMs;
    return { decodeTime, duration, compositionOffset: isShownThen ? theirs.compositionOffset : 0 };
  }

  #believes(stepMs: number, cameApartMs: number): boolean {
    if (stepMs > cameApartMs + MOST_BEYOND_ARRIVAL_MS) return false;
    if (stepMs < SHORTEST_STEP_MS) {
      this.#short += 1;
      return this.#short <= MOST_SHORT;
    }
    this.#short = 0;
    this.#behindMs = 0;
    // A single gap is no pace.
    this.#paceMs = Math.min(stepMs, this.#paceMs * 2);
    return true;
  }

  /** The step to the next picture as they arrive, ms. */
  #stepBehindArrivalMs(): number {
    const offMs = this.#behindMs - this.#paceMs;
    const isGap = offMs > GAP_MS;
    const stepMs = isGap ? this.#behindMs : Math.max(SHORTEST_STEP_MS, this.#paceMs + offMs * OF_WHAT_IS_OFF);
    if (!isGap) this.#paceMs = Math.max(SHORTEST_STEP_MS, this.#paceMs + offMs * OF_THE_PACE);
    this.#behindMs -= stepMs;
    return stepMs;
  }
}

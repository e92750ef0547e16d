/** Longest silence beyond the expected interval between two frames, ms. */
const BEYOND_MS = 1500;
/** Before the camera's own rhythm is known, its frames may be this far apart, ms. */
const UNKNOWN_RHYTHM_MS = 2500;
/** The longest gap seen is forgotten at this rate, ms a second. */
const FORGETTING = 350;

/**
 * Learns how far apart a camera's frames are, and so how long a silence is not yet a stall. A camera that
 * sends one frame a second, or sends them in bursts, is not taken for a stalled one.
 */
export class FramePatience {
  #last: number | null = null;
  #gap: number;
  #gaps = 0;
  readonly #intervalMs: number;
  readonly #extraMs: number;

  /**
   * @param fps frames a second that were asked for
   * @param extraMs additional patience until the camera's rhythm is known
   */
  constructor(fps: number, extraMs = 0) {
    this.#intervalMs = 1000 / fps;
    this.#gap = this.#intervalMs;
    this.#extraMs = extraMs;
  }

  /** A frame arrived at `now` (monotonic ms). */
  arrived(now: number): void {
    if (this.#last !== null) {
      const gap = now - this.#last;
      // Frames of one burst (a slow camera's frame is repeated to keep the wished rate) tell no rhythm.
      if (gap > this.#intervalMs / 2) this.#gaps += 1;
      this.#gap = Math.max(gap, this.#intervalMs, this.#gap - (gap / 1000) * FORGETTING);
    }
    this.#last = now;
  }

  /** Whether the camera's rhythm is known. */
  get learned(): boolean {
    return this.#gaps >= 2;
  }

  /** How long after the last frame a silence is a stall, ms. */
  get limitMs(): number {
    if (this.learned) return this.#gap + BEYOND_MS;
    return Math.max(this.#gap, UNKNOWN_RHYTHM_MS) + BEYOND_MS + this.#extraMs;
  }

  /** The moment (monotonic ms) at which a silence becomes a stall; null before the first frame. */
  get runsOutAt(): number | null {
    return this.#last === null ? null : this.#last + this.limitMs;
  }
}

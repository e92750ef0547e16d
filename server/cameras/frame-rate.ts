const WINDOW_MS = 3000;
/** So many are remembered however long ago they came: a quiet camera has one frame in several seconds. */
const KEPT = 3;

/** Frames a second over the last seconds. */
export class FrameRate {
  #times: number[] = [];

  /** A frame arrived at `now` (monotonic ms). */
  arrived(now: number): void {
    this.#times.push(now);
    this.#forget(now);
  }

  reset(): void {
    this.#times = [];
  }

  /** Frames a second, to one decimal; 0 where fewer than two are known. */
  at(now: number): number {
    this.#forget(now);
    if (this.#times.length < 2) return 0;
    const first = this.#times[0];
    const last = this.#times.at(-1)!;
    const gaps = this.#times.length - 1;
    // A silence that is longer than the frames are apart counts.
    const span = last - first + Math.max(0, now - last - (last - first) / gaps);
    return span === 0 ? 0 : Math.round((gaps / span) * 10_000) / 10;
  }

  #forget(now: number): void {
    const fresh = this.#times.findIndex((time) => time > now - WINDOW_MS);
    const gone = Math.min(fresh < 0 ? Infinity : fresh, this.#times.length - KEPT);
    if (gone > 0) this.#times.splice(0, gone);
  }
}

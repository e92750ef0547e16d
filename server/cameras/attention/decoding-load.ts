/** While a camera in which something happens is behind, quiet ones are looked at so often at most, ms. */
const SPACING_MS = 2_000;
/** Until this long after the last that was left out of such a camera, ms. */
const EASE_MS = 5_000;
/** Key pictures come a little sooner and later than they should, parts of the spacing. */
const JITTER = 0.1;

/**
 * What the decoders of all cameras know of one another. Where they get too little of the processors, many that want little each get all of it, and
 * one that wants more is late: the one that somebody walks through. So quiet cameras then leave out every second key picture.
 */
export class DecodingLoad {
  #behindAt = -Infinity;

  /** Pictures of a camera in which something happens had to be left out, monotonic ms. */
  fellBehind(now: number): void {
    this.#behindAt = now;
  }

  /**
   * Whether a quiet camera's next key picture is to be decoded.
   *
   * @param lookedAt when the key picture arrived that was decoded before, and `now` this one, monotonic ms
   */
  allows(lookedAt: number, now: number): boolean {
    return now - this.#behindAt > EASE_MS || now - lookedAt >= SPACING_MS * (1 - JITTER);
  }
}

import type { LiveFace, LiveHeader } from '../../server/events/live.js';

/** Older than this behind the newest is forgotten, ms. */
const KEPT_MS = 20_000;
/** Faces are not carried on for longer than this without word of them, ms. */
const CARRIED_MS = 1_000;
/**
 * A frame that was recognised arrives some milliseconds after the picture it was made of, for it is decoded first.
 * Both are stamped by one clock, but on a busy server the frame may be read so much before the picture, ms.
 */
const JITTER_MS = 8;

/**
 * Which faces belong to which picture of a video. Pictures come with when they arrived at the server, and so do
 * the frames that were recognised, so a frame is of the last picture that had arrived before it. Between two
 * frames a face is led from where it was to where it will be, and after the newest as it went before.
 */
export class FaceTimeline {
  #pictures: { timeMs: number; at: number }[] = [];
  #frames: { at: number; header: LiveHeader }[] = [];

  /** @param timeMs when it is shown on the video's clock; @param at when it arrived, ms since the epoch */
  addPicture(timeMs: number, at: number): void {
    this.#pictures.push({ timeMs, at });
    if (this.#pictures[0].at < at - KEPT_MS)
      this.#pictures = this.#pictures.filter((each) => each.at >= at - KEPT_MS / 2);
  }

  addFrame(header: LiveHeader): void {
    const at = Date.parse(header.at);
    this.#frames.push({ at, header });
    if (this.#frames[0].at < at - KEPT_MS)
      this.#frames = this.#frames.filter((each) => each.at >= at - KEPT_MS / 2);
  }

  /** Another video begins, with a clock of its own. */
  forgetPictures(): void {
    this.#pictures = [];
  }

  /** How many pictures and frames are remembered. */
  get kept(): number {
    return this.#pictures.length + this.#frames.length;
  }

  /** The faces of the picture that is shown at `timeMs`; null where no frame near it is known. */
  at(timeMs: number): LiveHeader | null {
    const after = this.#frames.findIndex(({ at }) => this.#timeOf(at) > timeMs + 1);
    const last = this.#frames.at(after < 0 ? -1 : after - 1);
    if (last === undefined || after === 0) return null;
    const from = this.#timeOf(last.at);
    const next = after < 0 ? undefined : this.#frames[after];
    if (next === undefined) return timeMs - from > CARRIED_MS ? null : this.#ahead(last, timeMs);
    const until = this.#timeOf(next.at);
    if (until - from > CARRIED_MS) return timeMs - from > CARRIED_MS ? null : last.header;
    const share = Math.min(1, Math.max(0, (timeMs - from) / (until - from)));
    return { ...last.header, faces: lead(last.header.faces, next.header.faces, share) };
  }

  /**
   * The faces of the newest frame, led on as they went from the one before: close behind the camera, the picture is shown
   * before the next frame is recognised. No further than frames are apart, for who stops would be overshot.
   */
  #ahead(last: { at: number; header: LiveHeader }, timeMs: number): LiveHeader {
    const before = this.#frames.at(-2);
    const from = this.#timeOf(last.at);
    const apart = before === undefined ? Infinity : from - this.#timeOf(before.at);
    if (before === undefined || apart <= 0 || apart > CARRIED_MS) return last.header;
    const share = Math.min(1, (timeMs - from) / apart);
    return { ...last.header, faces: lead(last.header.faces, before.header.faces, -share) };
  }

  /** The time of the picture that the frame which arrived at `at` was made of; -Infinity where it is not known. */
  #timeOf(at: number): number {
    for (let each = this.#pictures.length - 1; each >= 0; each -= 1) {
      if (this.#pictures[each].at <= at + JITTER_MS) return this.#pictures[each].timeMs;
    }
    return -Infinity;
  }
}

/** @param share 0 where the faces were before, 1 where they are after; below 0: on from before, away from after */
function lead(before: readonly LiveFace[], after: readonly LiveFace[], share: number): LiveFace[] {
  return before.map((face) => {
    const next = face.visit === null ? undefined : after.find(({ visit }) => visit === face.visit);
    if (next === undefined) return face;
    const between = (side: 'x' | 'y' | 'width' | 'height') =>
      face.box[side] + (next.box[side] - face.box[side]) * share;
    const box = { x: between('x'), y: between('y'), width: between('width'), height: between('height') };
    return { ...face, box };
  });
}

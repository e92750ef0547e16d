import type { FrameSink } from '../../frames/frame.js';
import type { VideoInit } from '../../frames/video.js';
import type { FrameWish } from '../sources/plan.js';
import type { FfmpegTools } from '../sources/run-ffmpeg.js';
import { startAwakeDecoder, type AwakeDecoder } from './awake-decoder.js';
import type { Progress } from './patience.js';
import type { Arrival } from './recent-video.js';

/** A decoder that shows nothing after so many pictures and so long, ms, is stuck. */
const STUCK_PICTURES = 50;
const STUCK_MS = 5000;

export interface KeeperOptions {
  readonly wish: FrameWish;
  readonly tools: FfmpegTools;
  /** Where its frames are written. */
  readonly sink: FrameSink;
  /**
   * `sink.writing` holds a frame, which is still to be published.
   *
   * @param arrivedAt when it arrived, monotonic ms, within a few milliseconds
   */
  readonly shown: (arrivedAt: number) => void;
  /** The decoder died or is stuck, and has been ended. */
  readonly failed: () => void;
}

/** Keeps a camera's one decoder: starts and ends it, feeds it, and notices when it is dead or stuck. */
export class DecoderKeeper {
  readonly #options: KeeperOptions;
  readonly #ending = new Set<Promise<unknown>>();
  #decoder: AwakeDecoder | null = null;
  /** Since its latest picture, or since it began: pictures that arrived, and when that was. */
  #unshown = { pictures: 0, since: 0 };
  #failures = 0;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** How far the decoder is; null while there is none. */
  get progress(): Progress | null {
    return this.#decoder?.feed ?? null;
  }

  /** How often in a row it failed. */
  get failures(): number {
    return this.#failures;
  }

  /** @param video where decoding begins and from when on, monotonic ms, frames are wanted */
  start(video: { init: VideoInit; backlog: readonly Arrival[]; from: number }): void {
    const { wish, sink } = this.#options;
    const { ffmpeg, clock } = this.#options.tools;
    this.#unshown = { pictures: 0, since: clock.monotonic() };
    // One that failed may have failed by its accelerator.
    const tools = this.#failures > 0 ? { ffmpeg, clock } : this.#options.tools;
    const decoder = startAwakeDecoder(wish, video, tools, {
      width: sink.width,
      height: sink.height,
      get writing() {
        return sink.writing;
      },
      get isWaiting() {
        return sink.isWaiting ?? false;
      },
      publish: () => {
        const now = clock.monotonic();
        this.#unshown = { pictures: 0, since: now };
        this.#failures = 0;
        // The decoder is a few milliseconds behind what it is fed.
        this.#options.shown(decoder.feed.fedAt ?? now);
      },
    });
    this.#decoder = decoder;
    void decoder.gone.then(() => {
      if (this.#decoder === decoder) this.#fail();
    });
  }

  push(arrival: Arrival): void {
    if (!this.#decoder) return;
    this.#decoder.feed.push(arrival);
    this.#unshown.pictures += 1;
    const { pictures, since } = this.#unshown;
    if (pictures > STUCK_PICTURES && arrival.at - since > STUCK_MS) this.#fail();
  }

  end(): void {
    const decoder = this.#decoder;
    this.#decoder = null;
    if (!decoder) return;
    decoder.end();
    this.#ending.add(decoder.gone);
    void decoder.gone.then(() => this.#ending.delete(decoder.gone));
  }

  /** Resolves when no process of it is left; `end` comes before. */
  async gone(): Promise<void> {
    await Promise.all(this.#ending);
  }

  #fail(): void {
    this.#failures += 1;
    this.end();
    this.#options.failed();
  }
}

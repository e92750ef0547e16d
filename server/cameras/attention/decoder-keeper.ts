import { inFrontOf, type FrameSink } from '../../frames/frame.js';
import type { VideoInit } from '../../frames/video.js';
import { hardwareFailure } from '../hardware/hardware-failure.js';
import type { FrameWish } from '../sources/plan.js';
import type { FfmpegTools } from '../sources/run-ffmpeg.js';
import { startDecoder, type Decoder } from './decoder.js';
import type { Progress } from './patience.js';
import type { Arrival } from './recent-video.js';

/** A decoder that was fed more pictures than so many, or key pictures, and shows nothing for so long, ms, is stuck. */
const STUCK_PICTURES = 50;
const STUCK_KEY_PICTURES = 3;
const STUCK_MS = 3500;

/** gone: the process ended. stuck: it runs, and shows nothing of what it is fed. */
export type DecoderFailure = 'gone' | 'stuck';

export interface KeeperOptions {
  readonly wish: FrameWish;
  readonly tools: FfmpegTools;
  /** Where its frames are written. */
  readonly sink: FrameSink;
  /**
   * `sink.writing` holds a frame, which is still to be published.
   *
   * @param arrivedAt when it arrived, monotonic ms
   */
  readonly shown: (arrivedAt: number) => void;
  /** The decoder failed, and has been ended; `hasShown`: it had shown pictures before. */
  readonly failed: (how: DecoderFailure, hasShown: boolean) => void;
}

/** Keeps a camera's one decoder: starts and ends it, feeds it, and notices when it is dead or stuck. */
export class DecoderKeeper {
  readonly #options: KeeperOptions;
  readonly #ending = new Set<Promise<unknown>>();
  #init: VideoInit | null = null;
  #decoder: Decoder | null = null;
  /** Since its latest picture, or since it began: what was fed, and when that was. */
  #unshown = { pictures: 0, keys: 0, since: 0 };
  #failures = 0;
  /** By decoders that are gone. */
  #leftOut = 0;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** How far the decoder is; null while there is none. */
  get progress(): Progress | null {
    return this.#decoder?.feed ?? null;
  }

  /** Wanted pictures that were left out, for decoding was behind. */
  get leftOut(): number {
    return this.#leftOut + (this.#decoder?.feed.leftOut ?? 0);
  }

  /** How often in a row it failed. */
  get failures(): number {
    return this.#failures;
  }

  /** Pictures of this video come from now on; null: none. The decoder of what came before is ended. */
  expect(init: VideoInit | null): void {
    this.end();
    this.#init = init;
  }

  /** Decodes `backlog`, which begins with a key picture, and delivers what arrived from a moment on, monotonic ms. */
  begin(backlog: readonly Arrival[], from: number): void {
    this.#started()?.feed.begin(backlog, from);
  }

  /** @param wanted whether it is to be delivered; otherwise it is needed for others only */
  push(arrival: Arrival, wanted = true): void {
    const decoder = this.#decoder ?? (arrival.fragment.keyframe ? this.#started() : null);
    if (!decoder) return;
    decoder.feed.push(arrival, wanted);
    // One that has not read what was written has no processor; it is not stuck.
    if (decoder.feed.isUnread) return;
    this.#unshown.pictures += 1;
    if (arrival.fragment.keyframe) this.#unshown.keys += 1;
    const { pictures, keys, since } = this.#unshown;
    const isLong = pictures > STUCK_PICTURES || keys > STUCK_KEY_PICTURES;
    if (isLong && arrival.at - since > STUCK_MS) this.#fail('stuck');
  }

  /** What the decoder has not been fed yet is not wanted any more. */
  rest(): void {
    this.#decoder?.feed.clear();
  }

  end(): void {
    const decoder = this.#decoder;
    this.#decoder = null;
    if (!decoder) return;
    this.#leftOut += decoder.feed.leftOut;
    decoder.end();
    this.#ending.add(decoder.gone);
    void decoder.gone.then(() => this.#ending.delete(decoder.gone));
  }

  /** Resolves when no process of it is left; `end` comes before. */
  async gone(): Promise<void> {
    await Promise.all(this.#ending);
  }

  #started(): Decoder | null {
    if (this.#decoder || this.#init === null) return this.#decoder;
    const { wish, sink } = this.#options;
    const { clock } = this.#options.tools;
    this.#unshown = { pictures: 0, keys: 0, since: clock.monotonic() };
    // One that failed may have failed by its accelerator.
    const { hardware, ...software } = this.#options.tools;
    const tools = hardware && this.#failures === 0 ? { ...software, hardware } : software;
    const shown = inFrontOf(sink, (arrivedAt) => {
      this.#unshown = { pictures: 0, keys: 0, since: clock.monotonic() };
      this.#failures = 0;
      this.#options.shown(arrivedAt!);
    });
    const decoder = startDecoder(wish, this.#init, tools, shown);
    this.#decoder = decoder;
    void decoder.gone.then((lines) => {
      if (this.#decoder === decoder) this.#fail('gone', hardwareFailure(lines));
    });
    return decoder;
  }

  /** @param why what the accelerator said, where it is what failed */
  #fail(how: DecoderFailure, why?: string): void {
    const hasShown = this.#decoder?.feed.isShown ?? false;
    // An accelerator that lets no picture through says nothing of it.
    if (why !== undefined || (this.#failures === 0 && !hasShown))
      this.#options.tools.hardware?.failed(why ?? 'no picture came');
    this.#failures += 1;
    this.end();
    this.#options.failed(how, hasShown);
  }
}

import { newFrame, type FrameSink, type YuvPicture } from '../../frames/frame.js';
import type { VideoFragment, VideoInit, VideoSink } from '../../frames/video.js';
import type { Source } from '../source.js';
import type { FrameWish } from '../sources/plan.js';
import type { FfmpegTools } from '../sources/run-ffmpeg.js';
import type { Alertness } from './alertness.js';
import type { WakeCause } from './attention.js';
import { DecoderKeeper } from './decoder-keeper.js';
import { Patience } from './patience.js';
import { RecentVideo } from './recent-video.js';
import { SizeWatch } from './size-watch.js';

/** Compares each picture with the one before: what moved; null for the first. */
export interface MotionWatch {
  since(picture: YuvPicture): readonly unknown[] | null;
}

/** What is delivered begins so long before the camera woke, ms, and never before the last frame that was delivered. */
const PREROLL_MS: Record<WakeCause, number> = {
  // Whoever moved came after the key picture before.
  motion: 4000,
  size: 400,
  // Whoever is followed was seen in the frame that was delivered last, however long recognition took.
  person: 4000,
  // Nothing was seen since the first key picture, and all of it has to be decoded anyway.
  start: 4000,
  keyframe: 0,
};
/** Of the decoder, in a row, after which the camera is run in full. */
const MOST_FAILURES = 3;

/** One connection of a camera that may be quiet, from its beginning to its end. It begins quiet. */
export class Vigil {
  readonly #options: FrameWish & { watchMotion(): MotionWatch };
  readonly #alertness: Alertness;
  readonly #tools: FfmpegTools;
  readonly #sink: FrameSink;
  readonly #video: VideoSink | undefined;
  readonly #motion: MotionWatch;
  readonly #recent = new RecentVideo();
  readonly #patience: Patience;
  readonly #sizes = new SizeWatch();
  readonly #decoder: DecoderKeeper;
  readonly #giveUp = new AbortController();
  #init: VideoInit | null = null;
  /** Whether the key picture that was delivered last is of a fragment that is still to come. */
  #isKeyDue = false;
  /** When the fragment of what was delivered last arrived, monotonic ms. */
  #shownAt = -Infinity;

  constructor(
    options: FrameWish & { watchMotion(): MotionWatch },
    alertness: Alertness,
    tools: FfmpegTools,
    sink: FrameSink,
    video: VideoSink | undefined,
  ) {
    this.#options = options;
    this.#alertness = alertness;
    this.#tools = tools;
    this.#sink = sink;
    this.#video = video;
    this.#motion = options.watchMotion();
    this.#patience = new Patience(options.fps, this.#recent);
    this.#decoder = new DecoderKeeper({
      wish: options,
      tools,
      sink,
      shown: (arrivedAt) => this.#awakePicture(arrivedAt),
      failed: () => {
        if (this.#decoder.failures >= MOST_FAILURES) this.#leave('its copied video cannot be decoded');
        else this.#decode('size');
      },
    });
  }

  /**
   * Runs until the signal is aborted or the source fails, as Source.run; by then no process of it is left.
   *
   * @returns why this camera can never be quiet, where that is how it ended
   */
  async run(source: Source, signal: AbortSignal): Promise<string | null> {
    // Machines with many cameras could not decode all of them awake at once: each begins with its key pictures.
    this.#alertness.rest(this.#now());
    const { signal: gaveUp } = this.#giveUp;
    try {
      await source.run(this.#keySink(), AbortSignal.any([signal, gaveUp]), {
        start: (init) => {
          this.#forgetVideo(init);
          this.#video?.start(init);
        },
        fragment: (fragment) => this.#arrived(fragment),
        end: () => {
          this.#forgetVideo(null);
          this.#video?.end();
        },
      });
    } finally {
      this.#alertness.stop(this.#now());
      this.#decoder.end();
      await this.#decoder.gone();
    }
    return gaveUp.aborted ? (gaveUp.reason as string) : null;
  }

  /** Somebody is followed. */
  attend(): void {
    if (this.#alertness.state === 'quiet') this.#wake('person');
    this.#alertness.stay(this.#now());
  }

  #now(): number {
    return this.#tools.clock.monotonic();
  }

  #forgetVideo(init: VideoInit | null): void {
    this.#init = init;
    this.#recent.clear();
    this.#decoder.end();
  }

  #arrived(fragment: VideoFragment): void {
    this.#video?.fragment(fragment);
    const now = this.#now();
    const arrival = { fragment, at: now };
    this.#recent.push(arrival);
    if (fragment.keyframe && this.#isKeyDue) {
      this.#isKeyDue = false;
      this.#shownAt = Math.max(this.#shownAt, now);
    }
    const never = this.#patience.arrived(fragment, now);
    if (never !== null) this.#leave(never);
    else if (this.#alertness.state === 'awake') this.#arrivedAwake(arrival);
    else if (!fragment.keyframe && this.#sizes.arrived(fragment.sampleBytes)) this.#wake('size');
    else {
      const cause = this.#patience.lost(now);
      if (cause !== null) this.#wake(cause);
    }
  }

  #arrivedAwake(arrival: { fragment: VideoFragment; at: number }): void {
    const { progress, failures } = this.#decoder;
    const overdueMs = this.#alertness.overdueMs(arrival.at);
    if (failures === 0 && this.#patience.mayRest(progress, overdueMs, arrival.at)) this.#rest(arrival.at);
    else if (progress) this.#decoder.push(arrival);
    else if (arrival.fragment.keyframe) this.#decode(this.#alertness.cause);
  }

  /** Key pictures go into a buffer of their own, for the decoder may be writing a frame at the same time. */
  #keySink(): FrameSink {
    const { width, height } = this.#options;
    const picture = newFrame({ width, height });
    return { width, height, writing: picture, publish: () => this.#keyPicture(picture) };
  }

  #keyPicture(picture: YuvPicture): void {
    const now = this.#now();
    const isFirst = !this.#patience.hasBegun;
    const never = this.#patience.shown(now, this.#init !== null);
    if (never !== null) {
      this.#leave(never);
      return;
    }
    // Without video to decode, the key pictures are all there is.
    if (this.#init !== null) {
      if (this.#alertness.state === 'quiet') {
        const moved = this.#motion.since(picture);
        if (moved && moved.length > 0) {
          this.#wake('motion');
          return;
        }
      } else if (!isFirst && this.#decoder.failures === 0) return;
    }
    const { writing } = this.#sink;
    writing.planes.set(picture.planes);
    writing.matrix = picture.matrix;
    // ffmpeg closes a fragment when the next picture comes: a key picture is mostly there before its fragment.
    const { keyAt, groupMs } = this.#recent;
    this.#isKeyDue = keyAt === null || (groupMs === null ? !isFirst : now - keyAt > groupMs / 2);
    this.#shownAt = Math.max(this.#shownAt, this.#isKeyDue ? now : keyAt!);
    this.#sink.publish(this.#shownAt);
  }

  #wake(cause: WakeCause): void {
    this.#alertness.wake(cause, this.#now());
    this.#decode(cause);
  }

  /** Decodes everything that arrived since the last frame that was delivered, as far as it is of use. */
  #decode(cause: WakeCause): void {
    const from = Math.max(this.#shownAt + 1, this.#now() - PREROLL_MS[cause]);
    const backlog = this.#recent.since(from);
    if (this.#init === null || backlog.length === 0) return;
    this.#decoder.start({ init: this.#init, backlog, from });
  }

  #awakePicture(arrivedAt: number): void {
    const moved = this.#motion.since(this.#sink.writing);
    if (moved && moved.length > 0) this.#alertness.stay(this.#now());
    this.#shownAt = Math.max(this.#shownAt, arrivedAt);
    this.#sink.publish(this.#shownAt);
  }

  #rest(now: number): void {
    const { cause, proved } = this.#alertness;
    if (cause === 'size') this.#sizes[proved ? 'wasRight' : 'wasWrong']();
    this.#alertness.rest(now);
    this.#decoder.end();
  }

  #leave(why: string): void {
    this.#giveUp.abort(why);
  }
}

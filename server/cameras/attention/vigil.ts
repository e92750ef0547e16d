import { frameBytes, type FrameSink, type Picture } from '../../frames/frame.js';
import type { VideoFragment, VideoInit, VideoSink } from '../../frames/video.js';
import type { Source } from '../source.js';
import type { FrameWish } from '../sources/plan.js';
import type { FfmpegTools } from '../sources/run-ffmpeg.js';
import type { Alertness } from './alertness.js';
import type { WakeCause } from './attention.js';
import { startAwakeDecoder, type AwakeDecoder } from './awake-decoder.js';
import { MOST_BEHIND_MS } from './paced-feed.js';
import { RecentVideo } from './recent-video.js';
import { SizeWatch } from './size-watch.js';

/** Compares each picture with the one before: what moved; null for the first. */
export interface MotionWatch {
  since(picture: Picture): readonly unknown[] | null;
}

/** What is delivered begins so long before the camera woke, ms, and never before the last frame that was delivered. */
const PREROLL_MS: Record<WakeCause, number> = {
  // Whoever moved came after the key picture before.
  motion: 4000,
  size: 400,
  person: 1000,
  start: 0,
  keyframe: 0,
};
/** With key pictures further apart, a camera is not left to its key pictures, ms. */
const MOST_GROUP_MS = 10_000;
/** A camera whose pictures come, and no video with them after so long, has none that can be copied, ms. */
const VIDEO_MS = 3000;
/** A decoder that shows nothing after so many pictures and so long, ms, is stuck. */
const STUCK_PICTURES = 50;
const STUCK_MS = 5000;
/** In a row, after which the camera is run in full. */
const MOST_FAILURES = 3;
/** Further behind, ms, it does not fall asleep. */
const BEHIND_MS = 500;
/** Key pictures that come about as often as frames are wanted leave nothing to spare, ms times frames a second. */
const OFTEN = 1500;

/** One connection of a camera that may be quiet, from its beginning to its end. */
export class Vigil {
  readonly #options: FrameWish & { watchMotion(): MotionWatch };
  readonly #alertness: Alertness;
  readonly #tools: FfmpegTools;
  readonly #sink: FrameSink;
  readonly #video: VideoSink | undefined;
  readonly #motion: MotionWatch;
  readonly #recent = new RecentVideo();
  readonly #sizes = new SizeWatch();
  readonly #giveUp = new AbortController();
  #init: VideoInit | null = null;
  #decoder: AwakeDecoder | null = null;
  readonly #ending = new Set<Promise<unknown>>();
  /** When the first picture of the video arrived, monotonic ms. */
  #begunAt: number | null = null;
  /** Whether the key picture that was delivered last is of a fragment that is still to come. */
  #isKeyDue = false;
  /** When the fragment of what was delivered last arrived, and when the first key picture was shown, monotonic ms. */
  #shownAt = -Infinity;
  #firstAt: number | null = null;
  /** When the latest key picture was shown. */
  #pictureAt = -Infinity;
  /** Since the decoder's latest picture, or since it began: pictures that arrived, and when that was. */
  #unshown = { pictures: 0, since: 0 };
  #failures = 0;

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
  }

  /**
   * Runs until the signal is aborted or the source fails, as Source.run; by then no process of it is left.
   *
   * @returns why this camera can never be quiet, where that is how it ended
   */
  async run(source: Source, signal: AbortSignal): Promise<string | null> {
    this.#alertness.wake('start', this.#now());
    const { signal: gaveUp } = this.#giveUp;
    try {
      await source.run(this.#keySink(), AbortSignal.any([signal, gaveUp]), {
        start: (init) => this.#begin(init),
        fragment: (fragment) => this.#arrived(fragment),
        end: () => this.#videoEnded(),
      });
    } finally {
      this.#alertness.stop(this.#now());
      this.#endDecoder();
      await Promise.all(this.#ending);
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

  #begin(init: VideoInit): void {
    this.#init = init;
    this.#recent.clear();
    this.#endDecoder();
    this.#video?.start(init);
  }

  #videoEnded(): void {
    this.#init = null;
    this.#recent.clear();
    this.#endDecoder();
    this.#video?.end();
  }

  #arrived(fragment: VideoFragment): void {
    this.#video?.fragment(fragment);
    const now = this.#now();
    this.#begunAt ??= now;
    this.#recent.push({ fragment, at: now });
    if (fragment.keyframe && this.#isKeyDue) {
      this.#isKeyDue = false;
      this.#shownAt = Math.max(this.#shownAt, now);
    }
    if (this.#recent.keyAt === null && now - this.#begunAt > MOST_GROUP_MS)
      this.#leave('its video has no key pictures');
    if (this.#alertness.state === 'awake') {
      if (this.#decoder) this.#decoder.feed.push({ fragment, at: now });
      else if (fragment.keyframe) this.#decode(this.#alertness.cause);
      if (this.#alertness.mayRest(now) && this.#canRest(now)) {
        this.#rest(now);
        return;
      }
      this.#unshown.pictures += 1;
      const { pictures, since } = this.#unshown;
      if (this.#decoder && pictures > STUCK_PICTURES && now - since > STUCK_MS) this.#failed();
    } else if (!fragment.keyframe && this.#sizes.arrived(fragment.sampleBytes)) this.#wake('size');
    else if (now - this.#pictureAt > MOST_GROUP_MS) this.#wake('keyframe');
  }

  /** Key pictures go into a buffer of their own, for the decoder may be writing a frame at the same time. */
  #keySink(): FrameSink {
    const { width, height } = this.#options;
    const picture = { width, height, pixels: new Uint8Array(frameBytes(this.#options)) };
    return { width, height, writing: picture.pixels, publish: () => this.#keyPicture(picture) };
  }

  #keyPicture(picture: Picture): void {
    const now = this.#now();
    const isFirst = this.#firstAt === null;
    // However long it took to connect, it is looked at for a while first.
    if (isFirst) this.#alertness.wake('start', now);
    this.#firstAt ??= now;
    this.#pictureAt = now;
    if (this.#init === null && now - this.#firstAt > VIDEO_MS) {
      this.#leave('its video cannot be copied');
      return;
    }
    if (this.#alertness.state === 'quiet') {
      const moved = this.#motion.since(picture);
      if (moved && moved.length > 0) {
        this.#wake('motion');
        return;
      }
    } else if (!isFirst && this.#init !== null && this.#failures === 0) return;
    this.#sink.writing.set(picture.pixels);
    // ffmpeg closes a fragment when the next picture comes: a key picture is mostly there before its fragment.
    const { keyAt, groupMs } = this.#recent;
    this.#isKeyDue = keyAt === null || (groupMs !== null && now - keyAt > groupMs / 2);
    this.#shownAt = Math.max(this.#shownAt, this.#isKeyDue ? now : keyAt!);
    this.#sink.publish(this.#shownAt);
  }

  #wake(cause: WakeCause): void {
    this.#alertness.wake(cause, this.#now());
    this.#decode(cause);
  }

  /** Decodes everything that arrived since the last frame that was delivered, as far as it is of use. */
  #decode(cause: WakeCause): void {
    const now = this.#now();
    const from = Math.max(this.#shownAt + 1, now - PREROLL_MS[cause]);
    const backlog = this.#recent.since(from);
    if (this.#init === null || backlog.length === 0) return;
    this.#unshown = { pictures: 0, since: now };
    const sink = this.#sink;
    const { ffmpeg, clock } = this.#tools;
    // One that failed may have failed by its accelerator.
    const tools = this.#failures > 0 ? { ffmpeg, clock } : this.#tools;
    const decoder = startAwakeDecoder(this.#options, { init: this.#init, backlog, from }, tools, {
      width: sink.width,
      height: sink.height,
      get writing() {
        return sink.writing;
      },
      get isWaiting() {
        return sink.isWaiting ?? false;
      },
      publish: () => this.#awakePicture(decoder),
    });
    this.#decoder = decoder;
    void decoder.gone.then(() => {
      if (this.#decoder === decoder) this.#failed();
    });
  }

  #awakePicture(decoder: AwakeDecoder): void {
    const now = this.#now();
    this.#unshown = { pictures: 0, since: now };
    this.#failures = 0;
    const { width, height, writing } = this.#sink;
    const moved = this.#motion.since({ width, height, pixels: writing });
    if (moved && moved.length > 0) this.#alertness.stay(now);
    // The decoder is a few milliseconds behind what it is fed.
    this.#shownAt = Math.max(this.#shownAt, decoder.feed.fedAt ?? now);
    this.#sink.publish(this.#shownAt);
  }

  #failed(): void {
    this.#failures += 1;
    this.#endDecoder();
    if (this.#failures >= MOST_FAILURES) this.#leave('its copied video cannot be decoded');
    else this.#decode('size');
  }

  #canRest(now: number): boolean {
    const { groupMs } = this.#recent;
    if (groupMs === null || this.#failures > 0) return false;
    if (groupMs <= OFTEN / this.#options.fps) {
      this.#leave('most of its pictures are key pictures');
      return false;
    }
    const feed = this.#decoder?.feed;
    if (groupMs > MOST_GROUP_MS) return false;
    if (!feed || (feed.isShown && now - feed.fedAt! < BEHIND_MS)) return true;
    // On a machine that cannot decode all of them awake, none would ever catch up, and none would sleep.
    return this.#alertness.overdueMs(now) > MOST_BEHIND_MS;
  }

  #rest(now: number): void {
    const { cause, proved } = this.#alertness;
    if (cause === 'size') this.#sizes[proved ? 'wasRight' : 'wasWrong']();
    this.#alertness.rest(now);
    this.#endDecoder();
  }

  #endDecoder(): void {
    const decoder = this.#decoder;
    this.#decoder = null;
    if (!decoder) return;
    decoder.end();
    this.#ending.add(decoder.gone);
    void decoder.gone.then(() => this.#ending.delete(decoder.gone));
  }

  #leave(why: string): void {
    this.#giveUp.abort(why);
  }
}

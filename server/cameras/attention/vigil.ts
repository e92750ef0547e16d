import { discardingSink, type FrameSink, type LumaGrid, type YuvPicture } from '../../frames/frame.js';
import type { VideoFragment, VideoInit, VideoSink } from '../../frames/video.js';
import { SourceFault, type Source } from '../source.js';
import type { FrameWish } from '../sources/plan.js';
import type { FfmpegTools } from '../sources/run-ffmpeg.js';
import type { Alertness } from './alertness.js';
import type { WakeCause } from './attention.js';
import type { DecodingLoad } from './decoding-load.js';
import { DecoderKeeper } from './decoder-keeper.js';
import { KeyPictures } from './key-pictures.js';
import { Patience } from './patience.js';
import { RecentVideo, type Arrival } from './recent-video.js';
import { SizeWatch } from './size-watch.js';

/** Compares each picture with the one before: what moved; null for the first. */
export interface MotionWatch {
  since(picture: YuvPicture): readonly unknown[] | null;
  /** What the picture that was looked at last was compared by; left out: nothing. */
  readonly grid?: LumaGrid | null;
}

export interface VigilOptions extends FrameWish {
  /** Without motion or anybody followed for so long the camera falls asleep, ms; Infinity: it never does. */
  readonly quietMs: number;
  watchMotion(): MotionWatch;
  /** Shared by all cameras. */
  readonly load: DecodingLoad;
}

/** What is delivered begins so long before the latest picture, ms, and after the last frame that was delivered. */
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

/**
 * One connection of a camera, from its beginning to its end: its video is copied, and a decoder is fed what of it is of use.
 * A camera that may be quiet begins so: key pictures only.
 */
export class Vigil {
  readonly #options: VigilOptions;
  readonly #alertness: Alertness;
  readonly #tools: FfmpegTools;
  readonly #sink: FrameSink;
  readonly #video: VideoSink | undefined;
  readonly #motion: MotionWatch;
  readonly #recent = new RecentVideo();
  readonly #patience: Patience;
  readonly #sizes = new SizeWatch();
  readonly #keyPictures: KeyPictures;
  readonly #decoder: DecoderKeeper;
  readonly #giveUp = new AbortController();
  /** When what was delivered last arrived, monotonic ms. */
  #shownAt = -Infinity;
  /** Key pictures that were fed while it was quiet and are not shown yet. */
  #keysDue = 0;
  /** Pictures that a decoder still has from before it was begun anew: they come again, in their turn. */
  #stale = 0;

  constructor(
    options: VigilOptions,
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
    this.#patience = new Patience(this.#isAlwaysAwake ? Infinity : options.fps, this.#recent);
    this.#keyPictures = new KeyPictures(options.load);
    this.#decoder = new DecoderKeeper({
      wish: options,
      tools,
      sink,
      shown: (arrivedAt) => this.#picture(arrivedAt),
      failed: (how, hasShown) => {
        this.#keysDue = this.#stale = 0;
        // A camera that sends another codec on the same connection says so to whoever connects anew.
        if (how === 'stuck' && hasShown) this.#giveUp.abort(undecodable());
        else if (this.#decoder.failures >= MOST_FAILURES) this.#leave('its copied video cannot be decoded');
        else if (this.#alertness.state === 'awake') this.#decode('size');
      },
    });
  }

  /**
   * Runs until the signal is aborted or the source fails, as Source.run; by then no process of it is left.
   *
   * @param source copies the video
   * @returns why this camera cannot be watched like this, where that is how it ended
   */
  async run(source: Source, signal: AbortSignal): Promise<string | null> {
    // Machines with many cameras could not decode all of them awake at once: each begins with its key pictures.
    if (this.#isAlwaysAwake) this.#alertness.wake('start', this.#now());
    else this.#alertness.rest(this.#now());
    const { signal: gaveUp } = this.#giveUp;
    try {
      await source.run(discardingSink(), AbortSignal.any([signal, gaveUp]), {
        start: (init) => {
          this.#expect(init);
          this.#video?.start(init);
        },
        fragment: (fragment) => this.#arrived(fragment),
        end: () => {
          this.#expect(null);
          this.#video?.end();
        },
      });
    } finally {
      this.#alertness.stop(this.#now());
      this.#decoder.end();
      await this.#decoder.gone();
    }
    if (gaveUp.aborted && gaveUp.reason instanceof SourceFault) throw gaveUp.reason;
    return gaveUp.aborted ? (gaveUp.reason as string) : null;
  }

  /** Wanted pictures that were left out, for decoding was behind. */
  get undecoded(): number {
    return this.#decoder.leftOut + this.#keyPictures.passedBy;
  }

  /** Somebody is followed. */
  attend(): void {
    if (this.#alertness.state === 'quiet') this.#wake('person');
    this.#alertness.stay(this.#now());
  }

  get #isAlwaysAwake(): boolean {
    return this.#options.quietMs === Infinity;
  }

  #now(): number {
    return this.#tools.clock.monotonic();
  }

  #expect(init: VideoInit | null): void {
    this.#recent.clear();
    this.#keysDue = this.#stale = 0;
    this.#keyPictures.clear();
    this.#decoder.expect(init);
  }

  #arrived(fragment: VideoFragment): void {
    this.#video?.fragment(fragment);
    const now = this.#now();
    const arrival = { fragment, at: now };
    this.#recent.push(arrival);
    const never = this.#patience.arrived(fragment, now);
    if (never !== null) this.#leave(never);
    else if (this.#alertness.state === 'awake') this.#arrivedAwake(arrival);
    else this.#arrivedQuiet(arrival);
  }

  #arrivedAwake(arrival: Arrival): void {
    const { progress } = this.#decoder;
    const overdueMs = this.#alertness.overdueMs(arrival.at);
    if (progress !== null && this.#patience.mayRest(progress, overdueMs, arrival.at)) this.#rest(arrival);
    else if (progress) {
      const { leftOut } = this.#decoder;
      this.#decoder.push(arrival);
      if (this.#decoder.leftOut > leftOut) this.#options.load.fellBehind(arrival.at);
    } else if (arrival.fragment.keyframe) this.#decode(this.#alertness.cause);
  }

  #arrivedQuiet(arrival: Arrival): void {
    const { keyframe, sampleBytes } = arrival.fragment;
    const use = this.#keyPictures.choose(arrival);
    if (use === 'shown') this.#keysDue += 1;
    if (use !== null) this.#decoder.push(arrival, use === 'shown');
    if (!keyframe && this.#sizes.arrived(sampleBytes)) this.#wake('size');
    else {
      const cause = this.#patience.lost(arrival.at);
      if (cause !== null) this.#wake(cause);
    }
  }

  /** `sink.writing` holds a picture. */
  #picture(arrivedAt: number): void {
    if (this.#stale > 0) {
      this.#stale -= 1;
      return;
    }
    const { writing } = this.#sink;
    // One that is there is of a picture that was written over.
    writing.grid = null;
    const moved = this.#motion.since(writing);
    const hasMoved = moved !== null && moved.length > 0;
    if (this.#alertness.state === 'quiet') {
      this.#keysDue = Math.max(0, this.#keysDue - 1);
      this.#patience.shown(this.#now());
      if (hasMoved) {
        // It comes again in its turn, after what lies before it.
        this.#wake('motion');
        return;
      }
    } else if (hasMoved) this.#alertness.stay(this.#now());
    this.#shownAt = Math.max(this.#shownAt, arrivedAt);
    // Whoever looks at this frame next need not make it again.
    writing.grid = this.#motion.grid ?? null;
    this.#sink.publish(this.#shownAt);
  }

  #wake(cause: WakeCause): void {
    this.#alertness.wake(cause, this.#now());
    this.#decode(cause);
  }

  /** Decodes everything that arrived since the last frame that was delivered, as far as it is of use. */
  #decode(cause: WakeCause): void {
    const from = this.#recent.oldest(PREROLL_MS[cause], this.#shownAt);
    // Where all was delivered, it still leads up to what comes.
    const backlog = this.#recent.since(from);
    if (backlog.length === 0) return;
    this.#stale += this.#keysDue;
    this.#keysDue = 0;
    this.#decoder.begin(backlog, from);
  }

  #rest(arrival: Arrival): void {
    const { cause, proved } = this.#alertness;
    if (cause === 'size') this.#sizes[proved ? 'wasRight' : 'wasWrong']();
    this.#alertness.rest(arrival.at);
    this.#patience.rested(arrival.at);
    this.#decoder.rest();
    this.#stale = 0;
    if (arrival.fragment.keyframe) this.#arrivedQuiet(arrival);
  }

  #leave(why: string): void {
    this.#giveUp.abort(why);
  }
}

function undecodable(): SourceFault {
  return new SourceFault('CAMERA_STALLED', 'Its video comes, but no picture of it can be decoded any more.');
}

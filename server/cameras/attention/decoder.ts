import { inFrontOf, type FrameSink } from '../../frames/frame.js';
import type { VideoInit } from '../../frames/video.js';
import type { FfmpegDialect } from '../find-ffmpeg.js';
import { startFfmpeg } from '../sources/ffmpeg.js';
import {
  commonOptions,
  firstOfEachSpan,
  liveDecoding,
  rawFrames,
  type FfmpegPlan,
  type FrameWish,
} from '../sources/plan.js';
import type { FfmpegTools } from '../sources/run-ffmpeg.js';
import { watchMatrix } from '../sources/watch-matrix.js';
import { writeFrames } from '../sources/write-frames.js';
import { matroskaHead, matroskaPicture } from '../video/write-matroska.js';
import { DecoderClock, isWanted } from './decoder-clock.js';
import { PacedFeed } from './paced-feed.js';
import { sayTime, ShownTimes } from './shown-times.js';

/** A decoder of video that was copied from the camera: of what it is fed, every wished frame. */
export interface Decoder {
  readonly feed: PacedFeed;
  /** Resolves when its process is gone, with the last it said; never rejects. */
  readonly gone: Promise<readonly string[]>;
  end(): void;
}

const KEPT_LINES = 40;

/**
 * The ffmpeg command that decodes copied video from its standard input. Pure.
 *
 * @param hardware options of an accelerator
 */
export function decodingPlan(
  wish: FrameWish,
  dialect: FfmpegDialect,
  hardware: readonly string[] = [],
  decoding: FfmpegTools['decoding'] = 'timely',
): FfmpegPlan {
  return {
    inputOptions: [
      ...commonOptions,
      ...liveDecoding,
      ...['-probesize', '32', '-analyzeduration', '0', '-copyts', '-f', 'matroska'],
      ...hardware,
    ],
    input: 'pipe:0',
    // Decoders that are late are fed less; frames that are looked at late cannot be had again.
    yields: decoding === 'timely',
    outputOptions: rawFrames(wish, dialect, [
      `select=${sayTime(`${isWanted}*${firstOfEachSpan(wish.fps)}`)}`,
    ]),
  };
}

/** Starts a decoder, which waits for pictures. The sink is told when each had arrived. */
export function startDecoder(
  wish: FrameWish,
  init: VideoInit,
  { ffmpeg, clock, hardware, decoding = 'timely' }: Omit<FfmpegTools, 'noVideo'>,
  sink: FrameSink,
): Decoder {
  const shownTimes = new ShownTimes(wish.fps);
  const frames = inFrontOf(sink, () => {
    // Where nothing was said of it: the decoder is a little behind what it is fed.
    const at = shownTimes.shown() ?? feed.fedAt ?? clock.monotonic();
    sink.publish(at);
    feed.shown(at);
  });
  const stream = watchMatrix();
  const write = writeFrames(
    frames,
    () => undefined,
    () => stream.matrix,
  );
  const lines: string[] = [];
  let ended = false;
  const process = startFfmpeg(
    ffmpeg.path,
    decodingPlan(wish, ffmpeg.dialect, hardware?.options, decoding),
    {
      // What still comes from a decoder that is to end is drained and thrown away.
      bytes: (chunk) => {
        if (!ended) write(chunk);
      },
      line: (text) => {
        stream.line(text);
        shownTimes.line(text);
        lines.push(text);
        if (lines.length > KEPT_LINES) lines.shift();
      },
    },
    clock.scheduler,
  );
  const times = new DecoderClock();
  const feed = new PacedFeed({
    write: ({ fragment, at }, wanted) => {
      const { bytes, sampleBytes, keyframe } = fragment;
      const ticks = times.ticks(fragment, wanted);
      shownTimes.fed(ticks, at, wanted);
      process.input.write(matroskaPicture(ticks, keyframe, sampleBytes));
      process.input.write(bytes.subarray(bytes.length - sampleBytes));
    },
    pending: () => process.input.pending(),
    isWaiting: () => sink.isWaiting ?? false,
    unshown: () => shownTimes.unshown,
    isTimely: decoding === 'timely',
    clock,
  });
  process.input.write(matroskaHead(init));
  return {
    feed,
    gone: process.gone.then(() => lines),
    end: () => {
      ended = true;
      feed.stop();
      process.end('now');
    },
  };
}

import type { FrameSink } from '../../frames/frame.js';
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
import { PacedFeed } from './paced-feed.js';
import type { Arrival } from './recent-video.js';

/** A decoder of video that was copied from the camera: every wished frame of it. */
export interface AwakeDecoder {
  readonly feed: PacedFeed;
  /** Resolves when its process is gone; never rejects. */
  readonly gone: Promise<unknown>;
  end(): void;
}

/**
 * The ffmpeg command that decodes copied video from its standard input. Pure.
 *
 * @param hardware options of an accelerator
 * @param fromMs earlier frames, by the video's clock, are decoded and not delivered
 */
export function decodingPlan(
  wish: FrameWish,
  fromMs: number,
  dialect: FfmpegDialect,
  hardware: readonly string[] = [],
): FfmpegPlan {
  const isWanted = `gte(t\\,${(fromMs / 1000 - 0.0005).toFixed(4)})`;
  return {
    inputOptions: [
      ...commonOptions,
      ...liveDecoding,
      ...['-probesize', '32', '-analyzeduration', '0', '-copyts', '-f', 'mp4'],
      ...hardware,
    ],
    input: 'pipe:0',
    outputOptions: rawFrames(wish, dialect, [`select=${isWanted}*${firstOfEachSpan(wish.fps)}`]),
  };
}

/**
 * Starts decoding at the first picture of `backlog`, a key picture.
 *
 * @param from what arrived from this moment on, monotonic ms, is delivered to the sink
 */
export function startAwakeDecoder(
  wish: FrameWish,
  { init, backlog, from }: { init: VideoInit; backlog: readonly Arrival[]; from: number },
  { ffmpeg, clock, hardware }: FfmpegTools,
  sink: FrameSink,
): AwakeDecoder {
  const stream = watchMatrix();
  const write = writeFrames(
    sink,
    () => feed.shown(),
    () => stream.matrix,
  );
  let ended = false;
  const process = startFfmpeg(
    ffmpeg.path,
    decodingPlan(wish, videoTime(backlog, from), ffmpeg.dialect, hardware?.options),
    {
      // What still comes from a decoder that is to end is drained and thrown away.
      bytes: (chunk) => {
        if (!ended) write(chunk);
      },
      line: (text) => stream.line(text),
    },
    clock.scheduler,
  );
  const feed = new PacedFeed({
    from,
    write: (bytes) => process.input.write(bytes),
    pending: () => process.input.pending(),
    isWaiting: () => sink.isWaiting ?? false,
    clock,
  });
  process.input.write(init.bytes);
  feed.push(...backlog);
  return {
    feed,
    gone: process.gone,
    end: () => {
      ended = true;
      feed.stop();
      process.end('now');
    },
  };
}

/** The moment on the video's own clock, ms; just after the last picture, where what is asked for is still to come. */
function videoTime(backlog: readonly Arrival[], from: number): number {
  const first = backlog.find(({ at }) => at >= from)?.fragment;
  if (first) return first.decodeTimeMs + first.compositionMs;
  const last = backlog.at(-1)!.fragment;
  return last.decodeTimeMs + last.compositionMs + last.durationMs / 2;
}

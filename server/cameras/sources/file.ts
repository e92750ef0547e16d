import { resolve } from 'node:path';
import type { FfmpegDialect } from '../find-ffmpeg.js';
import type { Source } from '../source.js';
import {
  commonOptions,
  copiedVideo,
  liveDecoding,
  rawFrames,
  type FfmpegPlan,
  type FrameWish,
} from './plan.js';
import { runFfmpeg, type FfmpegTools } from './run-ffmpeg.js';

export interface FileOptions extends FrameWish {
  /** Video file. */
  readonly path: string;
}

/** The ffmpeg command that plays a file for ever at its own rate. Pure. */
export function filePlan(options: FileOptions, dialect: FfmpegDialect): FfmpegPlan {
  return {
    inputOptions: [...commonOptions, '-re', '-stream_loop', '-1', ...liveDecoding],
    // "file:" keeps a name with a colon from being read as a protocol, and one with a dash as an option.
    input: `file:${options.path}`,
    outputOptions: rawFrames(options, dialect),
    videoOptions: copiedVideo,
  };
}

/** A video file, looped at its own rate. */
export function fileSource(options: FileOptions, tools: FfmpegTools): Source {
  return {
    run: (sink, signal, video) =>
      runFfmpeg(
        {
          plan: filePlan({ ...options, path: resolve(options.path) }, tools.ffmpeg.dialect),
          kind: 'file',
          where: options.path,
          credentials: false,
          secrets: [],
          fps: options.fps,
          answerMs: 10_000,
          pictureMs: 10_000,
          // Where a loop begins anew, a long file needs a moment.
          extraPatienceMs: 3000,
        },
        tools,
        sink,
        signal,
        video,
      ),
  };
}

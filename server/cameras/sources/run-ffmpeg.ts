import type { GatehouseError } from '../../base/errors.js';
import type { FrameSink } from '../../frames/frame.js';
import type { VideoSink } from '../../frames/video.js';
import { errorsIn, hardwareFailure, withoutMarks } from '../hardware/hardware-failure.js';
import { unusable } from '../video/boxes.js';
import { openVideoInlet } from '../video/open-inlet.js';
import { TOO_LITTLE_SEEN } from './copy-video.js';
import { watchFfmpeg, type FfmpegTask, type FfmpegTools, type Reader } from './watch-ffmpeg.js';
import { writeFrames } from './write-frames.js';

export type { FfmpegTask, FfmpegTools } from './watch-ffmpeg.js';

/** What ffmpeg says where it is the copied video, its second output, that it failed at. */
const VIDEO_FAILED = /output (file|stream) #?1|\[mp4 @|\b(unix|tcp):\S+: /i;

/**
 * Runs one ffmpeg: its pictures go to the sink, its copy of the camera's video to `video`, and its silence is
 * watched. Contract of Source.run. Where an accelerator is what fails, or lets no picture through, it is run
 * again with software.
 */
export async function runFfmpeg(
  task: FfmpegTask,
  tools: FfmpegTools,
  sink: FrameSink,
  signal: AbortSignal,
  video?: VideoSink,
): Promise<void> {
  const options = task.kind === 'webcam' ? [] : (tools.hardware?.options ?? []);
  if (options.length === 0) return runCopying(task, tools, sink, signal, video);
  let why: string | undefined;
  const ended: FfmpegTask['ended'] = (how) => {
    why = hardwareFailure(how.lines);
    if (how.phase === 'picture') why ??= 'no picture came';
    task.ended?.(how);
  };
  const plan = { ...task.plan, inputOptions: [...task.plan.inputOptions, ...options] };
  try {
    await runCopying({ ...task, plan, ended }, tools, sink, signal, video);
  } catch (fault) {
    // Whatever it was taken for: an accelerator that may not be opened says "not permitted" like a camera.
    if (why === undefined) throw fault;
    tools.hardware?.failed(why);
    await runCopying(task, tools, sink, signal, video);
  }
}

/** The same without regard to hardware. Where the copied video is what ffmpeg fails at, it is run again without. */
async function runCopying(
  task: FfmpegTask,
  tools: FfmpegTools,
  sink: FrameSink,
  signal: AbortSignal,
  video?: VideoSink,
): Promise<void> {
  const frames: Reader = (arrived, matrix) => writeFrames(sink, arrived, matrix);
  if (!video || !task.plan.videoOptions) return watchFfmpeg(task, tools, frames, signal);
  const refused = (why: GatehouseError) => tools.noVideo?.(why);
  const inlet = await openVideoInlet(video, tools.clock, refused).catch((cause: unknown) => {
    refused(unusable('there is no socket for it on this machine', { cause }));
    return null;
  });
  let lines: readonly string[] = [];
  const ended: FfmpegTask['ended'] = (how) => {
    lines = how.lines;
    task.ended?.(how);
  };
  try {
    await watchFfmpeg({ ...task, ended }, tools, frames, signal, inlet?.url);
  } catch (fault) {
    const errors = errorsIn(lines);
    const why = errors.find((line) => VIDEO_FAILED.test(line));
    if (inlet === null || why === undefined || errors.some((line) => TOO_LITTLE_SEEN.test(line))) throw fault;
    refused(unusable(`ffmpeg cannot copy it (${withoutMarks(why)})`, { cause: fault }));
    await inlet.close();
    await watchFfmpeg(task, tools, frames, signal);
  } finally {
    await inlet?.close();
  }
}

import type { FfmpegDialect } from '../find-ffmpeg.js';
import { SourceFault, type Source } from '../source.js';
import { commonOptions, liveDecoding, rawFrames, type FfmpegPlan, type FrameWish } from './plan.js';
import { runFfmpeg, type FfmpegTools } from './run-ffmpeg.js';

export interface WebcamOptions extends FrameWish {
  /** Linux: "/dev/video0"; macOS: index or name as avfoundation lists it; Windows: name as dshow lists it. */
  readonly device: string;
}

/** The ffmpeg command of a webcam, or null where ffmpeg reads none on this platform. Pure. */
export function webcamPlan(
  options: WebcamOptions,
  dialect: FfmpegDialect,
  platform: NodeJS.Platform,
): FfmpegPlan | null {
  const device = deviceArguments(options, platform);
  if (!device) return null;
  return {
    // A webcam's own clock may jump when it wakes up; ours does not.
    inputOptions: [...commonOptions, '-use_wallclock_as_timestamps', '1', ...liveDecoding, ...device.options],
    input: device.input,
    outputOptions: rawFrames(options, dialect),
  };
}

function deviceArguments(
  { device, width, height }: WebcamOptions,
  platform: NodeJS.Platform,
): { options: string[]; input: string } | null {
  switch (platform) {
    case 'linux':
      // The driver takes the nearest size it has.
      return { options: ['-f', 'v4l2', '-video_size', `${width}x${height}`], input: device };
    case 'darwin':
      // Without a rate it asks for 29.97, which most cameras of Macs refuse; a size they lack is refused too,
      // so it is left to the camera. ":none": no microphone is opened.
      return { options: ['-f', 'avfoundation', '-framerate', '30'], input: `${device}:none` };
    case 'win32':
      // Its default buffer overflows at 1080p.
      return { options: ['-f', 'dshow', '-rtbufsize', '64M'], input: `video=${device}` };
    default:
      return null;
  }
}

/** A webcam of this machine. */
export function webcamSource(
  options: WebcamOptions,
  tools: FfmpegTools,
  platform: NodeJS.Platform = process.platform,
): Source {
  return {
    async run(sink, signal) {
      const plan = webcamPlan(options, tools.ffmpeg.dialect, platform);
      if (!plan)
        throw new SourceFault('CAMERA_FAILED', `Webcams are not supported on ${platform}.`, 'slowly');
      const task = { plan, kind: 'webcam', where: options.device, credentials: false, secrets: [] } as const;
      // Some take seconds to set their exposure before the first picture.
      await runFfmpeg({ ...task, fps: options.fps, answerMs: 10_000, pictureMs: 8000 }, tools, sink, signal);
    },
  };
}

import type { Clock } from '../../base/clock.js';
import { asGatehouseError } from '../../base/errors.js';
import type { VideoSink } from '../../frames/video.js';
import { errorsIn, withoutMarks } from '../hardware/hardware-failure.js';
import { SourceFault } from '../source.js';
import { unusable } from '../video/boxes.js';
import { readFragments } from '../video/read-fragments.js';
import { watchFfmpeg, type FfmpegTask, type FfmpegTools, type Reader } from './watch-ffmpeg.js';

/** What ffmpeg says where it is the copied video that it cannot write. */
const VIDEO_FAILED = /output (file|stream) #?0|\[mp4 @/i;
/** Then it is the camera that did not say enough of itself, and decoding it fails alike. */
export const TOO_LITTLE_SEEN = /dimensions not set|unspecified size/i;

/**
 * Runs an ffmpeg that only copies: the camera's own video goes to the video sink, and nothing is decoded. Contract of
 * Source.run, with VIDEO_UNUSABLE (try again slowly) where what the camera sends cannot be copied or read.
 *
 * @param came called after each picture
 */
export async function copyVideo(
  task: FfmpegTask,
  tools: FfmpegTools,
  signal: AbortSignal,
  video: VideoSink | undefined,
  came: () => void,
): Promise<void> {
  const over = new AbortController();
  const leave = () => over.abort();
  signal.addEventListener('abort', leave, { once: true });
  let refusal = null as SourceFault | null;
  let pictures = 0;
  let lines: readonly string[] = [];
  const refuse = (why: { message: string }): SourceFault =>
    new SourceFault('VIDEO_UNUSABLE', why.message, 'slowly', { cause: why });
  const read = toVideo(video, tools.clock, () => {
    pictures += 1;
    came();
  });
  const reader: Reader = (arrived, matrix) => {
    const take = read(arrived, matrix);
    return (chunk) => {
      if (refusal !== null) return;
      try {
        take(chunk);
      } catch (thrown) {
        refusal = refuse(asGatehouseError(thrown));
        leave();
      }
    };
  };
  const ended: FfmpegTask['ended'] = (how) => {
    lines = how.lines;
    task.ended?.(how);
  };
  try {
    if (signal.aborted) leave();
    await watchFfmpeg({ ...task, ended }, tools, reader, over.signal);
    if (refusal !== null) throw refusal;
  } catch (fault) {
    const errors = errorsIn(lines);
    const why = errors.find((line) => VIDEO_FAILED.test(line));
    // Once it came it can be copied, whatever ailed it then.
    if (pictures > 0 || why === undefined || errors.some((line) => TOO_LITTLE_SEEN.test(line))) throw fault;
    throw refuse(unusable(`ffmpeg cannot copy it (${withoutMarks(why)})`, { cause: fault }));
  } finally {
    signal.removeEventListener('abort', leave);
    video?.end();
  }
}

function toVideo(video: VideoSink | undefined, clock: Clock, came: () => void): Reader {
  return (arrived) =>
    readFragments(
      {
        start: (init) => video?.start(init),
        fragment: (fragment) => {
          video?.fragment(fragment);
          came();
          arrived();
        },
        end: () => undefined,
      },
      clock,
    );
}

import type { FfmpegDialect } from '../find-ffmpeg.js';

/** One ffmpeg command as data: `ffmpeg ...inputOptions -i input ...outputOptions pipe:1 ...videoOptions URL`. */
export interface FfmpegPlan {
  readonly inputOptions: readonly string[];
  readonly input: string;
  readonly outputOptions: readonly string[];
  /** Of the second output, the camera's own video; left out where it cannot be copied. */
  readonly videoOptions?: readonly string[];
  /** Runs with a lower priority than we do: it may be late, and what it works for is not. */
  readonly yields?: boolean;
}

/** The frames that are wanted: pixels and frames a second. */
export interface FrameWish {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

/**
 * Options before every input. Level `verbose` tells when a camera described its stream ("SDP:") and when the
 * input was opened ("Input #0", which for RTSP means: the first packet came). That is how a camera that answers is
 * told from one that does not. `level+` marks each line so that errors can be told from talk.
 */
export const commonOptions: readonly string[] = [
  '-hide_banner',
  '-nostdin',
  '-nostats',
  '-loglevel',
  'level+verbose',
];

/** Decoding for the shortest delay: one thread holds no frame back. */
export const liveDecoding: readonly string[] = ['-threads', '1', '-flags', 'low_delay'];

/** Pictures further apart than this, by the camera's clock, are taken for a clock that jumped, s. */
const LONGEST_STEP_S = 2;

/**
 * The camera's clock, freed from its jumps: only steps forward that can be are believed, any other counts as one interval.
 * A camera that sets its clock (summer time, NTP, a restart of its encoder) would otherwise have pictures
 * left out until the old time comes again, or times so large that their spans cannot be told apart.
 */
function steadyTime(fps: number): string {
  const step = 'PTS-PREV_INPTS';
  const believed = `if(between(${step},0,${LONGEST_STEP_S}/TB),${step},1/(${fps}*TB))`;
  return `setpts='if(isnan(PREV_OUTPTS),0,PREV_OUTPTS+${believed})'`;
}

/**
 * An expression of ffmpeg's `select`: the first picture in each span of 1/fps, by the video's own time. Unlike the `fps`
 * filter it repeats none over a gap or for a slower camera, and holds none back to see what comes next (40 to 60 ms at 8 fps).
 */
export function firstOfEachSpan(fps: number): string {
  // The middle of a span lies on the video's first picture, so that times that jitter stay in their span.
  const span = (time: string) => `floor(${time}*${fps}+0.5)`;
  return `not(eq(${span('t')}\\,${span('prev_selected_t')}))`;
}

/**
 * Raw frames in planes (I420, limited range) of exactly the wished size, the picture's own aspect ratio held and the rest black, so that a
 * camera that changes its size in mid-stream still fills the same buffers. RGB is made of those that are looked at, by who looks.
 *
 * Frames are chosen before `scale`, so that only the frames that are kept are scaled. The output's `-threads 1`
 * keeps the encoder from holding one frame back (measured: 282 ms against 84 ms at 5 fps).
 *
 * @param choice filters that choose the frames that are kept
 */
export function rawFrames(
  wish: FrameWish,
  dialect: FfmpegDialect,
  choice: readonly string[] = [steadyTime(wish.fps), `select=${firstOfEachSpan(wish.fps)}`],
): string[] {
  const { width, height } = wish;
  const filters = [
    ...choice,
    `scale=${width}:${height}:force_original_aspect_ratio=decrease:flags=fast_bilinear:out_range=tv`,
    `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`,
    'setsar=1',
  ];
  return [
    ...['-map', '0:v:0', '-an', '-filter_threads', '1', '-vf', filters.join(',')],
    ...(dialect === 'old' ? ['-vsync', '0'] : ['-fps_mode', 'passthrough']),
    ...['-threads', '1', '-pix_fmt', 'yuv420p', '-f', 'rawvideo'],
  ];
}

/**
 * The camera's own video beside the frames, from the same connection: nothing is decoded or encoded for it. One
 * fragment a picture, written at once, so that a browser is never more than a picture behind ffmpeg. Without
 * `skip_trailer` ffmpeg would remember each of them for an index at the end that never comes: 75 MB a day at 25 a second.
 */
export const copiedVideo: readonly string[] = [
  ...['-map', '0:v:0', '-an', '-c', 'copy', '-f', 'mp4'],
  ...['-movflags', '+frag_every_frame+empty_moov+default_base_moof+skip_trailer', '-flush_packets', '1'],
];

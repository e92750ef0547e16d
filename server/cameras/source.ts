import type { ErrorCode } from '../base/errors.js';
import type { FrameSink } from '../frames/frame.js';
import type { VideoSink } from '../frames/video.js';
import type { SourceAttention } from './attention/attention.js';

/**
 * Why a source ended. A source never ends well: even a file that is over or an ffmpeg that exits 0 is a
 * fault, for the camera is gone.
 */
export class SourceFault extends Error {
  readonly code: ErrorCode;
  /** soon: try again at once and back off. slowly: a person has to do something first (wrong password). */
  readonly retry: 'soon' | 'slowly';

  /** @param message in the operator's words, without secrets */
  constructor(
    code: ErrorCode,
    message: string,
    retry: 'soon' | 'slowly' = 'soon',
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'SourceFault';
    this.code = code;
    this.retry = retry;
  }
}

/**
 * CONTRACT: something that delivers frames. It runs or fails; it never retries itself, camera.ts does.
 */
export interface Source {
  /** How attentive it is, where it can be quiet. */
  readonly attention?: SourceAttention;
  /** Pictures of the camera's video that were wanted and left out, for decoding was behind, since it was made. */
  readonly undecoded?: number;
  /**
   * Fills `sink` with frames until `signal` is aborted or it fails.
   *
   * Resolves only after an abort, rejects with a SourceFault otherwise; either way, by then its process,
   * sockets and timers are gone.
   *
   * @param video is given the camera's own video, untouched, by those sources that have one; what ails it never
   *   costs a frame
   */
  run(sink: FrameSink, signal: AbortSignal, video?: VideoSink): Promise<void>;
}

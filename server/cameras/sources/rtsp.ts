import { redactText } from '../../base/redact.js';
import type { FrameSink } from '../../frames/frame.js';
import type { FfmpegDialect } from '../find-ffmpeg.js';
import type { Source } from '../source.js';
import { commonOptions, liveDecoding, rawFrames, type FfmpegPlan, type FrameWish } from './plan.js';
import { runFfmpeg, type FfmpegTools } from './run-ffmpeg.js';

export interface RtspOptions extends FrameWish {
  /** rtsp:// or rtsps://; credentials belong beside it, and are taken out of it where they stand in it. */
  readonly url: string;
  readonly transport: 'tcp' | 'udp';
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/**
 * How much of the stream ffmpeg reads before it says what it is. short: nothing, for cameras that say it in
 * their description (SDP). long: up to 10 s, for those whose parameter sets come only with a key frame.
 */
export type Probe = 'short' | 'long';

/** ffmpeg's own limit for one silent read, ms: behind ours, and for the case that we are gone. */
const SOCKET_TIMEOUT_MS = 5000;

/** The ffmpeg command of an RTSP camera. `url` is what ffmpeg opens. Pure. */
export function rtspPlan(
  options: Pick<RtspOptions, 'transport' | 'width' | 'height' | 'fps'>,
  url: string,
  dialect: FfmpegDialect,
  probe: Probe = 'short',
): FfmpegPlan {
  return {
    inputOptions: [
      ...commonOptions,
      ...['-rtsp_transport', options.transport],
      // On builds before 5.0 `-timeout` means: listen, and wait for the camera to call.
      ...[dialect === 'old' ? '-stimeout' : '-timeout', String(SOCKET_TIMEOUT_MS * 1000)],
      ...liveDecoding,
      ...(probe === 'short'
        ? ['-probesize', '32', '-analyzeduration', '0']
        : ['-probesize', '5000000', '-analyzeduration', '10000000']),
    ],
    input: url,
    outputOptions: rawFrames(options, dialect),
  };
}

const ANSWER_MS = 4000;
const PICTURE_MS = 15_000;
const LONG_PROBE_MS = 12_000;
/** What ffmpeg says when a short look at the stream was not enough to know its format. */
const NOT_ENOUGH_SEEN =
  /unspecified size|could not find codec parameters|dimensions not set|invalid data found/i;

/** An RTSP camera. */
export function rtspSource(options: RtspOptions, tools: FfmpegTools): Source {
  const url = new URL(options.url);
  const where = `${url.hostname}:${url.port || (url.protocol === 'rtsps:' ? 322 : 554)}`;
  const secrets = [options.password ?? '', decodeURIComponent(url.password)];
  let extraPatienceMs = 0;

  const runOnce = (probe: Probe, sink: FrameSink, signal: AbortSignal): Promise<'again'> =>
    new Promise((resolve, reject) => {
      let again = false;
      runFfmpeg(
        {
          plan: rtspPlan(options, options.url, tools.ffmpeg.dialect, probe),
          kind: 'camera',
          where: redactText(where),
          credentials: Boolean(options.password ?? url.password),
          secrets,
          fps: options.fps,
          answerMs: probe === 'short' ? ANSWER_MS : LONG_PROBE_MS,
          pictureMs: PICTURE_MS,
          extraPatienceMs,
          ended: ({ phase, learned, lines }) => {
            again = probe === 'short' && phase !== 'live' && lines.some((line) => NOT_ENOUGH_SEEN.test(line));
            // A stall before the rhythm was known may be a camera that is slower than we waited for.
            extraPatienceMs = phase === 'live' && !learned ? Math.min(20_000, extraPatienceMs * 2 + 2000) : 0;
          },
        },
        tools,
        sink,
        signal,
      ).then(
        () => resolve('again'),
        (fault: unknown) => (again ? resolve('again') : reject(fault as Error)),
      );
    });

  return {
    async run(sink, signal) {
      await runOnce('short', sink, signal);
      if (!signal.aborted) await runOnce('long', sink, signal);
    },
  };
}

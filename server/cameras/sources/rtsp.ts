import { splitLogin } from '../credentials.js';
import type { FrameSink } from '../../frames/frame.js';
import type { VideoSink } from '../../frames/video.js';
import type { FfmpegDialect } from '../find-ffmpeg.js';
import { address } from '../relays/connect.js';
import { knock } from '../relays/knock.js';
import { resolveHost } from '../relays/resolve-host.js';
import { openRtspRelay } from '../relays/rtsp-relay.js';
import { SourceFault, type Source } from '../source.js';
import {
  commonOptions,
  copiedVideo,
  liveDecoding,
  rawFrames,
  type FfmpegPlan,
  type FrameWish,
} from './plan.js';
import { copyVideo } from './copy-video.js';
import { runFfmpeg, type FfmpegTask, type FfmpegTools } from './run-ffmpeg.js';

/** Where an RTSP camera is. */
export interface RtspAddress {
  /** rtsp:// or rtsps://; credentials belong beside it, and are taken out of it where they stand in it. */
  readonly url: string;
  readonly transport: 'tcp' | 'udp';
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

export interface RtspOptions extends RtspAddress, FrameWish {
  /** none: as RtspCopyOptions. Left out: every wished frame. */
  readonly pictures?: 'all' | 'none';
}

/**
 * Nothing is decoded, and the frame sink is only told that a picture came. The fault is VIDEO_UNUSABLE where the video
 * cannot be copied.
 */
export interface RtspCopyOptions extends RtspAddress {
  readonly pictures: 'none';
}

/**
 * How much of the stream ffmpeg reads before it says what it is. short: nothing, for cameras that say it in
 * their description (SDP). long: up to 10 s, for those whose parameter sets come only with a key frame.
 */
export type Probe = 'short' | 'long';

/** ffmpeg ends after up to twice this silence, ms: behind our own watch, and for the case that we are gone. */
const SOCKET_TIMEOUT_MS = 8000;

/** The ffmpeg command of an RTSP camera. `url` is what ffmpeg opens. Pure. */
export function rtspPlan(
  options: Omit<RtspOptions, 'url'> | Omit<RtspCopyOptions, 'url'>,
  url: string,
  dialect: FfmpegDialect,
  probe: Probe = 'short',
): FfmpegPlan {
  const input = { inputOptions: rtspInput(options.transport, dialect, probe), input: url };
  if (options.pictures === 'none') return { ...input, outputOptions: copiedVideo };
  return { ...input, outputOptions: rawFrames(options, dialect), videoOptions: copiedVideo };
}

function rtspInput(transport: RtspAddress['transport'], dialect: FfmpegDialect, probe: Probe): string[] {
  return [
    ...commonOptions,
    // Sound is not asked for: it would only travel.
    ...['-rtsp_transport', transport, '-allowed_media_types', 'video'],
    // On builds before 5.0 `-timeout` means: listen, and wait for the camera to call.
    ...[dialect === 'old' ? '-stimeout' : '-timeout', String(SOCKET_TIMEOUT_MS * 1000)],
    ...liveDecoding,
    ...(probe === 'short'
      ? ['-probesize', '32', '-analyzeduration', '0']
      : ['-probesize', '5000000', '-analyzeduration', '10000000']),
  ];
}

/** Longest wait for an answer, ms; for a camera that did not answer in time before but is there, the second. */
const ANSWER_MS = 3500;
const SLOW_ANSWER_MS = 8000;
const PICTURE_MS = 15_000;
/** What cameras send, pictures a second: how often copied video is expected to go on. */
const USUAL_FPS = 25;
const LONG_PROBE_MS = 12_000;
/** A camera that was away is asked for this long whether it is back, ms. */
const KNOCK_MS = 4000;
/** What ffmpeg says when a short look at the stream was not enough to know its format. */
const NOT_ENOUGH_SEEN = /unspecified size|could not find codec parameters|dimensions not set/i;

/** An RTSP camera. */
export function rtspSource(options: RtspOptions | RtspCopyOptions, tools: FfmpegTools): Source {
  const { camera, username, password, credentials, secrets } = splitLogin(options);
  /** Times in a row that nobody was there. */
  let away = 0;
  let extraPatienceMs = 0;

  const runOnce = async (
    probe: Probe,
    sink: FrameSink,
    signal: AbortSignal,
    video?: VideoSink,
  ): Promise<void> => {
    const there = await resolveHost(camera, signal, tools.clock);
    const relay = credentials ? await openRtspRelay(there, { username, password }) : null;
    try {
      const task = {
        plan: rtspPlan(options, relay?.url ?? there.href, tools.ffmpeg.dialect, probe),
        kind: 'camera',
        where: address(camera),
        credentials,
        secrets,
        fps: options.pictures === 'none' ? USUAL_FPS : options.fps,
        answerMs: probe === 'long' ? LONG_PROBE_MS : away > 0 ? SLOW_ANSWER_MS : ANSWER_MS,
        pictureMs: PICTURE_MS,
        extraPatienceMs,
        explain: () => relay?.fault() ?? null,
      } as const;
      if (options.pictures === 'none')
        await copyVideo({ ...task, ended }, tools, signal, video, () => sink.publish());
      else await runFfmpeg({ ...task, ended }, tools, sink, signal, video);
    } finally {
      await relay?.close();
    }
  };

  let heard: readonly string[] = [];
  const sawTooLittle = () => heard.some((line) => NOT_ENOUGH_SEEN.test(line));
  const ended: NonNullable<FfmpegTask['ended']> = ({ phase, learned, lines }) => {
    heard = phase === 'live' ? [] : lines;
    // A stall before the rhythm was known may be a camera that is slower than we waited for.
    extraPatienceMs = phase === 'live' && !learned ? Math.min(20_000, extraPatienceMs * 2 + 2000) : 0;
  };

  const isThere = async (signal: AbortSignal): Promise<void> => {
    const fault = await knock(await resolveHost(camera, signal, tools.clock), KNOCK_MS, signal, tools.clock);
    if (fault) throw fault;
  };

  return {
    async run(sink, signal, video) {
      try {
        if (away > 0) await isThere(signal);
        heard = [];
        try {
          await runOnce('short', sink, signal, video);
        } catch (fault) {
          if (!sawTooLittle()) throw fault;
          await runOnce('long', sink, signal, video);
        }
        away = 0;
      } catch (fault) {
        const nobody =
          fault instanceof SourceFault &&
          (fault.code === 'CAMERA_UNREACHABLE' || fault.code === 'CAMERA_NO_ANSWER');
        away = nobody ? away + 1 : 0;
        throw fault;
      }
    },
  };
}

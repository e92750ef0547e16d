import { isIP } from 'node:net';
import { splitLogin } from '../credentials.js';
import type { FfmpegDialect } from '../find-ffmpeg.js';
import { address, endpoint } from '../relays/connect.js';
import { openHttpRelay } from '../relays/http-relay.js';
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

export interface HttpOptions extends FrameWish {
  /** MJPEG stream or HLS playlist; credentials belong beside it, and are taken out of it where they stand in it. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

const SOCKET_TIMEOUT_MS = 8000;

/** The ffmpeg command of an HTTP camera. `url` is what ffmpeg opens. Pure. */
export function httpPlan(wish: FrameWish, url: string, dialect: FfmpegDialect): FfmpegPlan {
  return {
    inputOptions: [
      ...commonOptions,
      ...['-rw_timeout', String(SOCKET_TIMEOUT_MS * 1000)],
      ...(isPlaylist(url)
        ? // A playlist brings whole segments at once: they are played at their own rate, the newest first.
          ['-re', '-live_start_index', '-1']
        : // Pictures without times of their own would all count as 25 a second.
          ['-use_wallclock_as_timestamps', '1', '-fpsprobesize', '0', '-analyzeduration', '1000000']),
      ...liveDecoding,
    ],
    input: url,
    outputOptions: rawFrames(wish, dialect),
    // MJPEG is what the desk shows anyway.
    ...(isPlaylist(url) ? { videoOptions: copiedVideo } : {}),
  };
}

/** Whether an address is that of an HLS playlist rather than of a stream. */
function isPlaylist(url: string): boolean {
  return /\.m3u8?$/i.test(new URL(url).pathname);
}

/** An HTTP camera: MJPEG, HLS, or whatever else ffmpeg reads over HTTP. */
export function httpSource(options: HttpOptions, tools: FfmpegTools): Source {
  const { camera, username, password, credentials, secrets } = splitLogin(options);
  return {
    async run(sink, signal, video) {
      // A name is looked up by us, for ffmpeg may crash on it; and a certificate stands for a name.
      const relayed = credentials || isIP(endpoint(camera).host) === 0;
      const relay = relayed ? await openHttpRelay(camera, { username, password }) : null;
      try {
        const task = {
          plan: httpPlan(options, relay?.url ?? camera.href, tools.ffmpeg.dialect),
          kind: 'camera',
          where: address(camera),
          credentials,
          secrets,
          fps: options.fps,
          // A playlist is answered only when its first segment was read.
          answerMs: isPlaylist(camera.href) ? 12_000 : 4500,
          pictureMs: 8000,
          extraPatienceMs: isPlaylist(camera.href) ? 10_000 : 0,
          explain: () => relay?.fault() ?? null,
        } as const;
        await runFfmpeg(task, tools, sink, signal, video);
      } finally {
        await relay?.close();
      }
    },
  };
}

import { splitLogin } from '../credentials.js';
import type { FfmpegDialect } from '../find-ffmpeg.js';
import { address } from '../relays/connect.js';
import { resolveHost } from '../relays/resolve-host.js';
import { openRtspRelay } from '../relays/rtsp-relay.js';
import type { Source } from '../source.js';
import { copyVideo } from './copy-video.js';
import { copiedVideo, type FfmpegPlan } from './plan.js';
import { rtspInput, type RtspOptions } from './rtsp.js';
import type { FfmpegTools } from './watch-ffmpeg.js';

export type RtspLiveOptions = Pick<RtspOptions, 'url' | 'transport' | 'username' | 'password'>;

const ANSWER_MS = 12_000;
const PICTURE_MS = 15_000;
/** A stream that is copied comes at the camera's own rate, which is not known; slower ones are given time. */
const EXPECTED_FPS = 10;

/** The ffmpeg command of a stream for the live view alone: nothing is decoded. `url` is what ffmpeg opens. Pure. */
export function rtspLivePlan(
  transport: RtspOptions['transport'],
  url: string,
  dialect: FfmpegDialect,
): FfmpegPlan {
  return { inputOptions: rtspInput(transport, dialect, 'long'), input: url, outputOptions: copiedVideo };
}

/**
 * A camera's other stream, for the live view: its video goes to the video sink. The frame sink is only told that
 * a picture came; nothing is written into it.
 */
export function rtspLiveSource(options: RtspLiveOptions, tools: FfmpegTools): Source {
  const { camera, username, password, credentials, secrets } = splitLogin(options);
  return {
    async run(sink, signal, video) {
      const there = await resolveHost(camera, signal, tools.clock);
      const relay = credentials ? await openRtspRelay(there, { username, password }) : null;
      try {
        const task = {
          plan: rtspLivePlan(options.transport, relay?.url ?? there.href, tools.ffmpeg.dialect),
          kind: 'camera',
          where: address(camera),
          credentials,
          secrets,
          fps: EXPECTED_FPS,
          answerMs: ANSWER_MS,
          pictureMs: PICTURE_MS,
          explain: () => relay?.fault() ?? null,
        } as const;
        await copyVideo(task, tools, signal, video, () => sink.publish());
      } finally {
        await relay?.close();
      }
    },
  };
}

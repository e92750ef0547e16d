import { asGatehouseError } from '../../base/errors.js';
import type { VideoSink } from '../../frames/video.js';
import { splitLogin } from '../credentials.js';
import type { FfmpegDialect } from '../find-ffmpeg.js';
import { address } from '../relays/connect.js';
import { resolveHost } from '../relays/resolve-host.js';
import { openRtspRelay } from '../relays/rtsp-relay.js';
import { SourceFault, type Source } from '../source.js';
import { readFragments } from '../video/read-fragments.js';
import { copiedVideo, type FfmpegPlan } from './plan.js';
import { rtspInput, type RtspOptions } from './rtsp.js';
import { watchFfmpeg, type FfmpegTools, type Reader } from './watch-ffmpeg.js';

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
      const over = new AbortController();
      const leave = () => over.abort();
      signal.addEventListener('abort', leave, { once: true });
      let refusal = null as SourceFault | null;
      const read = toVideo(video, () => sink.publish());
      const reader: Reader = (arrived, matrix) => {
        const take = read(arrived, matrix);
        return (chunk) => {
          if (refusal !== null) return;
          try {
            take(chunk);
          } catch (thrown) {
            const cause = asGatehouseError(thrown);
            refusal = new SourceFault('VIDEO_UNUSABLE', cause.message, 'slowly', { cause });
            leave();
          }
        };
      };
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
        if (signal.aborted) leave();
        await watchFfmpeg(task, tools, reader, over.signal);
        if (refusal !== null) throw refusal;
      } finally {
        signal.removeEventListener('abort', leave);
        video?.end();
        await relay?.close();
      }
    },
  };
}

function toVideo(video: VideoSink | undefined, came: () => void): Reader {
  return (arrived) =>
    readFragments({
      start: (init) => video?.start(init),
      fragment: (fragment) => {
        video?.fragment(fragment);
        came();
        arrived();
      },
      end: () => undefined,
    });
}

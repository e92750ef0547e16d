import { distinctUntilChanged, EMPTY, tap, type Observable } from 'rxjs';
import { camera as supervise, type CameraStatus } from '../cameras/camera.js';
import { splitLogin } from '../cameras/credentials.js';
import { rtspSource } from '../cameras/sources/rtsp.js';
import { whileWatched } from '../cameras/while-watched.js';
import type { CameraConfig } from '../config.js';
import { discardingSink } from '../frames/frame.js';
import type { VideoView } from '../outlets/video.js';
import type { SourceTools } from './source.js';

/** A stream that nobody watches any more is kept for so long, ms. */
const LINGER_MS = 5000;

/** The address of a camera's stream for the live view alone, null where it has none. */
export function liveUrlOf({ source }: CameraConfig): string | null {
  return source.kind === 'rtsp' ? (source.liveUrl ?? null) : null;
}

/**
 * A camera's stream for the live view: subscribing keeps it open while somebody watches. It completes once the
 * tools' signal is aborted and nothing of it is left; at once where the camera has no such stream.
 */
export function composeLiveStream(
  config: CameraConfig,
  view: VideoView,
  tools: SourceTools,
): Observable<CameraStatus> {
  const { source } = config;
  if (source.kind !== 'rtsp' || source.liveUrl === undefined) return EMPTY;
  const log = tools.log.child({ camera: config.id });
  const { ffmpeg, clock, signal: stop } = tools;
  // One login for both streams, wherever it stands.
  const { transport, liveUrl: url } = source;
  const own = splitLogin({ url });
  const { username, password } = own.credentials ? own : splitLogin(source);
  const stream = rtspSource({ transport, url, username, password, pictures: 'none' }, { ffmpeg, clock });
  return whileWatched({
    watched: view.watched(config.id),
    open: (signal) =>
      supervise({
        id: config.id,
        source: stream,
        sink: discardingSink(),
        video: view.sink(config.id),
        clock,
        random: Math.random,
        signal,
      }),
    lingerMs: LINGER_MS,
    clock,
    stop,
  }).pipe(
    distinctUntilChanged((before, after) => before.code === after.code),
    tap(({ code, reason }) => {
      if (code !== null) log.warn({ code }, `the stream for the live view: ${reason}`);
    }),
  );
}

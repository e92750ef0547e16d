import { finalize, tap } from 'rxjs';
import type { Clock } from '../base/clock.js';
import type { ErrorCode } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { camera as supervise, type CameraStatus } from '../cameras/camera.js';
import type { SourceAttention } from '../cameras/attention/attention.js';
import type { Source } from '../cameras/source.js';
import type { CameraConfig } from '../config.js';
import { FreshestFrame } from '../frames/freshest.js';
import type { VideoSink } from '../frames/video.js';
import type { CameraStage } from '../pipeline/stages.js';

/** A camera for the pipeline, and what the desk shows of it. */
export interface StagedCamera extends CameraStage {
  /** As it is configured now. */
  readonly config: CameraConfig;
  /** Takes over what can change while it runs; its source, size and rate stay what they are. */
  configure(config: CameraConfig): void;
  /** Resolves once it has been stopped and nothing of it is left. */
  readonly over: Promise<void>;
  readonly now: () => CameraStatus;
  /** How often it was lost and started again, by the code of why. */
  readonly restarts: ReadonlyMap<ErrorCode, number>;
  /** How attentive its source is; null where it is always awake. */
  readonly attention: SourceAttention | null;
  /** Pictures of its video that were wanted and left out, for decoding was behind. */
  readonly undecoded: number;
}

/**
 * One camera: its slot and its supervision, with a log of its own. Subscribing to its status starts it, aborting `signal`
 * ends it.
 */
export function composeCamera(
  config: CameraConfig,
  source: Source,
  defaultThreshold: number,
  clock: Clock,
  signal: AbortSignal,
  log: Log,
  video: VideoSink | null,
): StagedCamera {
  const slot = new FreshestFrame(config.id, config.size, clock);
  const own = log.child({ camera: config.id });
  const restarts = new Map<ErrorCode, number>();
  let current = config;
  let end: () => void;
  const over = new Promise<void>((resolve) => (end = resolve));
  let newest: CameraStatus = { state: 'starting', reason: null, code: null, fps: 0 };
  return {
    id: config.id,
    slot,
    get config() {
      return current;
    },
    get threshold() {
      return current.threshold ?? defaultThreshold;
    },
    get profile() {
      return current.detection;
    },
    get liveness() {
      return current.liveness;
    },
    areas: config.areas,
    attention: source.attention ?? null,
    get undecoded() {
      return source.undecoded ?? 0;
    },
    ...(source.attention ? { attend: () => source.attention?.attend() } : {}),
    configure: (next) => (current = next),
    over,
    status: supervise({
      ...{ id: config.id, source, sink: slot, clock, random: Math.random, signal },
      ...(video ? { video } : {}),
      restarting: (code) => restarts.set(code, (restarts.get(code) ?? 0) + 1),
    }).pipe(
      tap((status) => {
        if (status.state !== newest.state || status.reason !== newest.reason) tell(own, status);
        newest = status;
      }),
      finalize(() => end()),
    ),
    now: () => newest,
    restarts,
  };
}

function tell(log: Log, { state, reason, code }: CameraStatus): void {
  if (code === null) log.info({ state }, `the camera is ${state}`);
  else log.warn({ state, code }, reason ?? `the camera is ${state}`);
}

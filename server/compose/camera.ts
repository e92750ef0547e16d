import { tap } from 'rxjs';
import type { Clock } from '../base/clock.js';
import { camera as supervise, type CameraStatus } from '../cameras/camera.js';
import type { SourceAttention } from '../cameras/attention/attention.js';
import type { Source } from '../cameras/source.js';
import type { CameraConfig } from '../config.js';
import { FreshestFrame } from '../frames/freshest.js';
import type { VideoSink } from '../frames/video.js';
import type { CameraStage } from '../pipeline/stages.js';

/** A camera for the pipeline, and its newest status for the desk. */
export interface StagedCamera extends CameraStage {
  readonly config: CameraConfig;
  readonly now: () => CameraStatus;
  /** How attentive its source is; null where it is always awake. */
  readonly attention: SourceAttention | null;
}

/** One camera: its slot and its supervision. Subscribing to its status starts it, aborting `signal` ends it. */
export function composeCamera(
  config: CameraConfig,
  source: Source,
  defaultThreshold: number,
  clock: Clock,
  signal: AbortSignal,
  video: VideoSink | null,
): StagedCamera {
  const slot = new FreshestFrame(config.id, config.size, clock);
  let newest: CameraStatus = { state: 'starting', reason: null, code: null, fps: 0 };
  return {
    id: config.id,
    config,
    slot,
    threshold: config.threshold ?? defaultThreshold,
    profile: config.detection,
    liveness: config.liveness,
    areas: config.areas,
    attention: source.attention ?? null,
    ...(source.attention ? { attend: () => source.attention?.attend() } : {}),
    status: supervise({
      id: config.id,
      source,
      sink: slot,
      ...(video ? { video } : {}),
      clock,
      random: Math.random,
      signal,
    }).pipe(tap((status) => (newest = status))),
    now: () => newest,
  };
}

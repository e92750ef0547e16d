import { finalize, tap } from 'rxjs';
import type { Clock } from '../base/clock.js';
import { camera as supervise, type CameraStatus } from '../cameras/camera.js';
import type { Source } from '../cameras/source.js';
import type { CameraConfig } from '../config.js';
import { FreshestFrame } from '../frames/freshest.js';
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
}

/** One camera: its slot and its supervision. Subscribing to its status starts it, aborting `signal` ends it. */
export function composeCamera(
  config: CameraConfig,
  source: Source,
  defaultThreshold: number,
  clock: Clock,
  signal: AbortSignal,
): StagedCamera {
  const slot = new FreshestFrame(config.id, config.size, clock);
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
    configure: (next) => (current = next),
    over,
    status: supervise({ id: config.id, source, sink: slot, clock, random: Math.random, signal }).pipe(
      tap((status) => (newest = status)),
      finalize(() => end()),
    ),
    now: () => newest,
  };
}

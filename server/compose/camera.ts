import { tap } from 'rxjs';
import type { Clock } from '../base/clock.js';
import type { ErrorCode } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { camera as supervise, type CameraStatus } from '../cameras/camera.js';
import type { Source } from '../cameras/source.js';
import type { CameraConfig } from '../config.js';
import { FreshestFrame } from '../frames/freshest.js';
import type { CameraStage } from '../pipeline/stages.js';

/** A camera for the pipeline, and its newest status for the desk. */
export interface StagedCamera extends CameraStage {
  readonly config: CameraConfig;
  readonly now: () => CameraStatus;
  /** How often it was lost and started again, by the code of why. */
  readonly restarts: ReadonlyMap<ErrorCode, number>;
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
): StagedCamera {
  const slot = new FreshestFrame(config.id, config.size, clock);
  const restarts = new Map<ErrorCode, number>();
  const own = log.child({ camera: config.id });
  let newest: CameraStatus = { state: 'starting', reason: null, code: null, fps: 0 };
  return {
    id: config.id,
    config,
    slot,
    threshold: config.threshold ?? defaultThreshold,
    profile: config.detection,
    liveness: config.liveness,
    status: supervise({
      ...{ id: config.id, source, sink: slot, clock, random: Math.random, signal },
      restarting: (code) => restarts.set(code, (restarts.get(code) ?? 0) + 1),
    }).pipe(
      tap((status) => {
        if (status.state !== newest.state || status.reason !== newest.reason) tell(own, status);
        newest = status;
      }),
    ),
    now: () => newest,
    restarts,
  };
}

function tell(log: Log, { state, reason, code }: CameraStatus): void {
  if (code === null) log.info({ state }, `the camera is ${state}`);
  else log.warn({ state, code }, reason ?? `the camera is ${state}`);
}

import { distinctUntilChanged, map, mergeMap, takeUntil, type Observable } from 'rxjs';
import type { CameraStateEvent, Draft } from '../events/event.js';
import type { Stages } from './stages.js';

/** Starts every camera that comes and tells each change of its state; changes of the frame rate alone are no news. */
export function cameraStates({ cameras, stopping, clock }: Stages): Observable<Draft<CameraStateEvent>> {
  return cameras.lives.pipe(
    takeUntil(stopping),
    mergeMap(({ camera: { id, status } }) =>
      status.pipe(
        distinctUntilChanged((a, b) => a.state === b.state && a.reason === b.reason),
        map(({ state, reason, code }) => ({
          type: 'camera.state' as const,
          at: new Date(clock.wall()).toISOString(),
          camera: id,
          state,
          reason,
          code,
        })),
      ),
    ),
  );
}

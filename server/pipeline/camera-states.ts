import { distinctUntilChanged, map, merge, type Observable } from 'rxjs';
import type { CameraStateEvent, Draft } from '../events/event.js';
import type { Stages } from './stages.js';

/** Starts every camera and tells each change of its state; changes of the frame rate alone are no news. */
export function cameraStates({ cameras, clock }: Stages): Observable<Draft<CameraStateEvent>> {
  return merge(
    ...cameras.map(({ id, status }) =>
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

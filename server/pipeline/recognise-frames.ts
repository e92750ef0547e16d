import { catchError, defer, EMPTY, mergeMap, type Observable } from 'rxjs';
import { asGatehouseError } from '../base/errors.js';
import type { Frame } from '../frames/frame.js';
import type { RecognisedFrame, Stages } from './stages.js';

/**
 * A batch of frames to its faces. Where the engine fails on a batch its frames are lost, given back and counted,
 * and the next batch is none the wiser.
 */
export function recogniseFrames({
  recogniser,
  counters,
  log,
}: Stages): (batch: Frame[]) => Observable<RecognisedFrame> {
  return (batch) =>
    defer(() => recogniser.recognise(batch)).pipe(
      mergeMap((faces) => batch.map((frame, index) => ({ frame, faces: faces[index] }))),
      catchError((thrown: unknown) => {
        const error = asGatehouseError(thrown, 'ENGINE_FAILED');
        log.error(
          { code: error.code, err: error, cameras: batch.map((frame) => frame.camera) },
          'a batch was lost',
        );
        for (const frame of batch) {
          counters.lost(frame.camera);
          frame.release();
        }
        return EMPTY;
      }),
    );
}

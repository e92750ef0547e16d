import { catchError, defer, EMPTY, mergeMap, type Observable } from 'rxjs';
import { asGatehouseError, type ErrorCode, type GatehouseError } from '../base/errors.js';
import type { Frame } from '../frames/frame.js';
import type { Attention } from './attention.js';
import type { RecognisedFrame, Stages } from './stages.js';

/**
 * A batch of frames to its faces; what is not worth a look has none. Where the engine fails on a batch its frames are lost,
 * given back and counted, and the next batch is none the wiser; a frame that it refuses is lost alone.
 */
export function recogniseFrames(
  { recogniser, counters, log }: Stages,
  attention: Attention,
): (batch: Frame[]) => Observable<RecognisedFrame> {
  const lose = (frame: Frame, where: 'engine' | 'poisoned', code: ErrorCode): void => {
    counters.lost(frame.camera, where, code);
    attention.lost(frame.camera);
    frame.release();
  };
  const recognise = async (batch: Frame[]): Promise<RecognisedFrame[]> => {
    const looks = batch.map((frame) => attention.lookAt(frame));
    const worth = batch.filter((_, index) => looks[index] !== null);
    const lost = new Map<Frame, ErrorCode>();
    const refused = (index: number, error: GatehouseError): void => {
      const frame = worth[index];
      log.error({ code: error.code, err: error, camera: frame.camera }, 'a frame was refused');
      lost.set(frame, error.code);
    };
    const faces =
      worth.length === 0
        ? []
        : await recogniser.recognise(
            worth,
            looks.filter((look) => look !== null),
            { timed: (times) => counters.worked(worth, times), refused },
          );
    for (const [frame, code] of lost) lose(frame, 'poisoned', code);
    const ofFrame = new Map(worth.map((frame, index) => [frame, faces[index]]));
    return batch
      .filter((frame) => !lost.has(frame))
      .map((frame) => ({ frame, faces: ofFrame.get(frame) ?? [] }));
  };
  return (batch) =>
    defer(() => recognise(batch)).pipe(
      mergeMap((frames) => frames),
      catchError((thrown: unknown) => {
        const error = asGatehouseError(thrown, 'ENGINE_FAILED');
        log.error(
          { code: error.code, err: error, cameras: batch.map((frame) => frame.camera) },
          'a batch was lost',
        );
        for (const frame of batch) lose(frame, 'engine', error.code);
        return EMPTY;
      }),
    );
}

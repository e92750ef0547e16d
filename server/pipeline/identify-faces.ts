import {
  catchError,
  EMPTY,
  filter,
  finalize,
  from,
  map,
  mergeMap,
  of,
  tap,
  type OperatorFunction,
} from 'rxjs';
import { asGatehouseError } from '../base/errors.js';
import { noMatch, type Match } from '../identities/match.js';
import type { Attention } from './attention.js';
import type { CameraStage, RecognisedFrame, SeenFrame, Stages } from './stages.js';

/**
 * Asks the gallery about all embedded faces of a frame at once, with the threshold of its camera. A camera's frames
 * stay in order, for it has one frame under way at a time. Where the gallery fails on a frame, the frame is lost, given
 * back and counted; one that is still waiting for its answer when everything stops is given back too.
 *
 * A frame whose camera has gone meanwhile is given back, and that is all.
 *
 * At a camera that requires liveness, a face that does not pass is nobody's, however near it is.
 */
export function identifyFaces(
  {
    cameras,
    identities,
    counters,
    clock,
    log,
  }: Pick<Stages, 'cameras' | 'identities' | 'counters' | 'clock' | 'log'>,
  attention: Pick<Attention, 'lost'>,
): OperatorFunction<RecognisedFrame, SeenFrame> {
  return mergeMap((recognised) => {
    const { frame, faces } = recognised;
    const camera = cameras.of(frame);
    if (!camera) {
      frame.release();
      return EMPTY;
    }
    const probes = faces.map(({ embedding }) => embedding).filter((embedding) => embedding !== null);
    if (probes.length === 0) return of(seen(recognised, [], camera));
    const asked = clock.monotonic();
    let isPassedOn = false;
    return from(identities.match(probes, camera.threshold)).pipe(
      tap(() => counters.searched(clock.monotonic() - asked)),
      filter(() => cameras.of(frame) === camera),
      map((matches) => seen(recognised, matches, camera)),
      tap(() => (isPassedOn = true)),
      catchError((thrown: unknown) => {
        const error = asGatehouseError(thrown, 'GALLERY_FAILED');
        log.error({ code: error.code, err: error, camera: frame.camera }, 'a frame was lost');
        counters.lost(frame.camera, 'gallery', error.code);
        attention.lost(frame.camera);
        return EMPTY;
      }),
      finalize(() => {
        if (!isPassedOn) frame.release();
      }),
    );
  });
}

/** @param matches of the embedded faces, in order */
function seen(
  { frame, faces }: RecognisedFrame,
  matches: readonly Match[],
  { threshold, liveness }: CameraStage,
): SeenFrame {
  const answers = matches.values();
  return {
    frame,
    sighting: {
      camera: frame.camera,
      frame: { width: frame.width, height: frame.height },
      capturedAt: frame.capturedAt,
      arrivedAt: frame.arrivedAt,
      faces: faces.map((face) => {
        const match = (face.embedding ? answers.next().value : null) ?? noMatch(threshold);
        const isRefused = liveness === 'require' && face.liveness?.passed === false;
        return { face, match: isRefused ? { ...match, person: null } : match };
      }),
    },
  };
}

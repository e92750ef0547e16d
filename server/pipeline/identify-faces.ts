import { catchError, EMPTY, finalize, from, map, mergeMap, of, tap, type OperatorFunction } from 'rxjs';
import { asGatehouseError } from '../base/errors.js';
import type { Frame } from '../frames/frame.js';
import { everything } from '../frames/watched-areas.js';
import { placeFace } from '../frames/place-face.js';
import { noMatch, type Match } from '../identities/match.js';
import type { Attention } from './attention.js';
import type { Face } from '../faces/face.js';
import type { CameraStage, RecognisedFrame, SeenFrame, Stages } from './stages.js';

/**
 * Asks the gallery about all embedded faces of a frame at once, with the threshold of its camera. A camera's frames
 * stay in order, for it has one frame under way at a time. Where the gallery fails on a frame, the frame is lost, given
 * back and counted; one that is still waiting for its answer when everything stops is given back too.
 *
 * Faces where the camera does not look for any (outside of its zones, on a poster) are left out before they are matched. At a
 * camera that requires liveness, a face that does not pass is nobody's, however near it is.
 */
export function identifyFaces(
  { cameras, identities, counters, log }: Pick<Stages, 'cameras' | 'identities' | 'counters' | 'log'>,
  attention: Pick<Attention, 'lost'>,
): OperatorFunction<RecognisedFrame, SeenFrame> {
  const stages = new Map(cameras.map((camera) => [camera.id, camera]));
  return mergeMap((recognised) => {
    const { frame } = recognised;
    const camera = stages.get(frame.camera)!;
    const faces = placed(recognised, camera);
    const probes = faces.map(({ face }) => face.embedding).filter((embedding) => embedding !== null);
    if (probes.length === 0) return of(seen(frame, faces, [], camera));
    let isPassedOn = false;
    return from(identities.match(probes, camera.threshold)).pipe(
      map((matches) => seen(frame, faces, matches, camera)),
      tap(() => (isPassedOn = true)),
      catchError((thrown: unknown) => {
        const error = asGatehouseError(thrown, 'GALLERY_FAILED');
        log.error({ code: error.code, err: error, camera: frame.camera }, 'a frame was lost');
        counters.lost(frame.camera);
        attention.lost(frame.camera);
        return EMPTY;
      }),
      finalize(() => {
        if (!isPassedOn) frame.release();
      }),
    );
  });
}

interface PlacedFace {
  face: Face;
  zone: string | null;
}

/** The faces that count, each with its zone. */
function placed({ frame, faces }: RecognisedFrame, { areas = everything }: CameraStage): PlacedFace[] {
  return faces.flatMap((face) => {
    const place = placeFace(face.box, frame, areas);
    return place.counts ? [{ face, zone: place.zone }] : [];
  });
}

/** @param matches of the embedded faces, in order */
function seen(
  frame: Frame,
  faces: readonly PlacedFace[],
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
      faces: faces.map(({ face, zone }) => {
        const match = (face.embedding ? answers.next().value : null) ?? noMatch(threshold);
        const isRefused = liveness === 'require' && face.liveness?.passed === false;
        return { face, match: isRefused ? { ...match, person: null } : match, zone };
      }),
    },
  };
}

import type { Face } from '../faces/face.js';
import { noMatch, type Match } from '../identities/match.js';
import type { RecognisedFrame, SeenFrame, Stages } from './stages.js';

/** Asks the gallery about every face of a frame, with the threshold of its camera. */
export function identifyFaces({ cameras, identities }: Stages): (recognised: RecognisedFrame) => SeenFrame {
  const thresholds = new Map(cameras.map((camera) => [camera.id, camera.threshold]));
  const matchOf = ({ embedding }: Face, threshold: number): Match =>
    embedding ? identities.match(embedding, threshold) : noMatch(threshold);
  return ({ frame, faces }) => ({
    frame,
    sighting: {
      camera: frame.camera,
      frame: { width: frame.width, height: frame.height },
      capturedAt: frame.capturedAt,
      arrivedAt: frame.arrivedAt,
      faces: faces.map((face) => ({
        face,
        match: matchOf(face, thresholds.get(frame.camera)!),
      })),
    },
  });
}

import type { RecognisedFrame, SeenFrame, Stages } from './stages.js';

/** Asks the gallery about every face of a frame, with the threshold of its camera. */
export function identifyFaces({ cameras, identities }: Stages): (recognised: RecognisedFrame) => SeenFrame {
  const thresholds = new Map(cameras.map((camera) => [camera.id, camera.threshold]));
  return ({ frame, faces }) => ({
    frame,
    sighting: {
      camera: frame.camera,
      frame: { width: frame.width, height: frame.height },
      capturedAt: frame.capturedAt,
      arrivedAt: frame.arrivedAt,
      faces: faces.map((face) => ({
        face,
        match: identities.match(face.embedding, thresholds.get(frame.camera)!),
      })),
    },
  });
}

import { GatehouseError } from '../base/errors.js';
import { faceSize, type Face } from '../faces/face.js';

/** A face at most this large, as a part of the main one's size, is somebody in the background. */
const BACKGROUND = 0.4;

/**
 * Whose photo it is: the one face, or a refusal. Faces at most 0.4 times as large as the largest one are
 * people in the background and ignored; a second face larger than that could just as well be meant, and
 * guessing would give somebody another's name.
 *
 * @param minFace size that is needed (faceSize), pixels of the picture
 * @throws PHOTO_NO_FACE, PHOTO_SEVERAL_FACES (says how many), PHOTO_FACE_TOO_SMALL (says both sizes) or
 *   PHOTO_POOR_QUALITY (says each figure and its limit): the gate that live faces have to pass, too
 */
export function chooseFace(faces: readonly Face[], minFace: number): Face {
  const largest = Math.max(...faces.map(({ box }) => faceSize(box)));
  const near = faces.filter(({ box }) => faceSize(box) > largest * BACKGROUND);
  const face = near.at(0);
  if (!face) {
    throw new GatehouseError(
      'PHOTO_NO_FACE',
      'no face was found',
      'Use a photo in which the face looks at the camera, sharp and well lit.',
    );
  }
  if (near.length > 1) {
    throw new GatehouseError(
      'PHOTO_SEVERAL_FACES',
      `${near.length} faces were found, so it is unclear whose photo it is`,
      'Cut the photo so that only the one person is left.',
    );
  }
  const size = faceSize(face.box);
  if (size < minFace) {
    throw new GatehouseError(
      'PHOTO_FACE_TOO_SMALL',
      `the face is too small: ${Math.round(size)} px, needs ${minFace}`,
      'Use a photo taken closer, or cut the photo closer to the face.',
    );
  }
  const problems = face.quality?.problems ?? [];
  if (problems.length > 0) {
    throw new GatehouseError(
      'PHOTO_POOR_QUALITY',
      `the face is not good enough: ${problems.map(({ reason }) => reason).join('; ')}`,
      'Use a photo in which the face looks at the camera, sharp and well lit.',
    );
  }
  return face;
}

import type { Face } from '../../faces/face.js';

/**
 * The face that a picture of one person is of: the one nearest its centre, measured in the face's own widths, so that a
 * large face beside the centre wins over a speck near it. Sets such as LFW put the named person in the middle and let
 * others stand around.
 */
export function centralFace(
  faces: readonly Face[],
  { width, height }: { width: number; height: number },
): Face | null {
  const away = ({ box }: Face): number =>
    Math.hypot(box.x + (box.width - width) / 2, box.y + (box.height - height) / 2) / box.width;
  return faces.reduce<Face | null>(
    (best, face) => (best === null || away(face) < away(best) ? face : best),
    null,
  );
}

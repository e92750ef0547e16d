import type { Point } from './path.js';
import type { Pose, PortraitTraits } from './traits.js';

/** A point of the head in millimetres: x right, y down, z towards the viewer, from the neck's axis. */
export type Turn = (x: number, y: number, z?: number) => Point;

const EYE_DISTANCE = 900;

/**
 * Turns the head: a function that puts a point of the face where the pose shows it. Left out, z is that of
 * the face's surface, an ellipsoid as wide as the cheeks; the nose passes its own.
 */
export function turnHead(traits: PortraitTraits, pose: Pick<Pose, 'yaw' | 'pitch'>): Turn {
  const yaw = (pose.yaw * Math.PI) / 180;
  const pitch = (pose.pitch * Math.PI) / 180;
  const wide = traits.face.cheek + 10;
  return (x, y, z) => {
    const depth = z ?? 88 * Math.sqrt(Math.max(0.04, 1 - (x / wide) ** 2 - ((y - 5) / 150) ** 2));
    const turnedX = x * Math.cos(yaw) + depth * Math.sin(yaw);
    const turnedZ = depth * Math.cos(yaw) - x * Math.sin(yaw);
    const noddedY = y * Math.cos(pitch) + turnedZ * Math.sin(pitch);
    const noddedZ = turnedZ * Math.cos(pitch) - y * Math.sin(pitch);
    const near = EYE_DISTANCE / (EYE_DISTANCE - noddedZ + 88);
    return [turnedX * near, noddedY * near];
  };
}

/**
 * Turns the outline. A skull is as deep as it is wide, so its outline hardly narrows; only what lies in
 * front of the neck's axis, jaw and chin above all, swings to the side.
 */
export function turnOutline(
  traits: PortraitTraits,
  pose: Pick<Pose, 'yaw' | 'pitch'>,
): (point: Point) => Point {
  const yaw = (pose.yaw * Math.PI) / 180;
  const pitch = (pose.pitch * Math.PI) / 180;
  return ([x, y]) => {
    const forward = y <= 0 ? 14 : 14 + 46 * Math.min(1, y / traits.face.length) ** 1.3;
    const centre = 1 - Math.min(1, Math.abs(x) / traits.face.cheek);
    const swing = forward * (0.55 + 0.45 * centre) * Math.sin(yaw);
    return [x * (1 - 0.12 * Math.abs(Math.sin(yaw))) + swing, y + forward * Math.sin(pitch) * 0.9];
  };
}

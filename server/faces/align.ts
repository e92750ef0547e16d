import type { Alignment } from '../../models/dropped-in-manifest.js';
import type { Transform } from './transform.js';

/** Where landmarks belong in the chip that a network was trained on. */
export interface ChipTemplate {
  /** Side of the chip, pixels. */
  readonly size: number;
  /** Number of the landmark (of 68), or of several whose middle is meant, and where it belongs in parts of the chip's side. */
  readonly points: readonly (readonly [landmark: number | readonly number[], x: number, y: number])[];
  /**
   * Least-squares similarity (turn, scale, move), or the affine map through exactly three points, or upright: the
   * square around all 68 landmarks, enlarged on every side by `margin` of itself.
   */
  readonly fit: 'similarity' | 'affine' | 'upright';
  readonly margin?: number;
}

/** The transform from chip to picture that brings a face's landmarks to their places in the template. */
export function align(landmarks: Float32Array, template: ChipTemplate): Transform {
  if (template.fit === 'upright') return upright(landmarks, template.size, template.margin ?? 0);
  const chip = template.points.map(([, x, y]): [number, number] => [x * template.size, y * template.size]);
  const picture = template.points.map(([landmark]) => pointOf(landmarks, landmark));
  return template.fit === 'similarity' ? similarity(chip, picture) : affine(chip, picture);
}

type Point = readonly [x: number, y: number];

/** Least squares without reflection (Umeyama 1991, which in two dimensions has a closed form). */
function similarity(from: readonly Point[], to: readonly Point[]): Transform {
  const [fromX, fromY] = centre(from);
  const [toX, toY] = centre(to);
  let along = 0;
  let across = 0;
  let spread = 0;
  from.forEach(([px, py], i) => {
    const [u, v] = [px - fromX, py - fromY];
    const [x, y] = [to[i][0] - toX, to[i][1] - toY];
    along += u * x + v * y;
    across += u * y - v * x;
    spread += u * u + v * v;
  });
  const a = along / spread;
  const c = across / spread;
  return { a, b: -c, c, d: a, x0: toX - a * fromX + c * fromY, y0: toY - c * fromX - a * fromY };
}

/** Points come from landmarks, not from the detector's box: detectors draw their boxes each in another way. */
function upright(landmarks: Float32Array, size: number, margin: number): Transform {
  const xs = landmarks.filter((_, i) => i % 2 === 0);
  const ys = landmarks.filter((_, i) => i % 2 === 1);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const side = Math.max(right - left, bottom - top) * (1 + 2 * margin);
  const scale = side / size;
  return { a: scale, b: 0, c: 0, d: scale, x0: (left + right - side) / 2, y0: (top + bottom - side) / 2 };
}

function pointOf(landmarks: Float32Array, numbers: number | readonly number[]): Point {
  if (typeof numbers === 'number') return [landmarks[2 * numbers], landmarks[2 * numbers + 1]];
  return centre(numbers.map((number) => pointOf(landmarks, number)));
}

function affine(from: readonly Point[], to: readonly Point[]): Transform {
  const [[u0, v0], [u1, v1], [u2, v2]] = from as readonly [Point, Point, Point];
  const [[x0, y0], [x1, y1], [x2, y2]] = to as readonly [Point, Point, Point];
  const area = (u1 - u0) * (v2 - v0) - (u2 - u0) * (v1 - v0);
  const a = ((x1 - x0) * (v2 - v0) - (x2 - x0) * (v1 - v0)) / area;
  const b = ((x2 - x0) * (u1 - u0) - (x1 - x0) * (u2 - u0)) / area;
  const c = ((y1 - y0) * (v2 - v0) - (y2 - y0) * (v1 - v0)) / area;
  const d = ((y2 - y0) * (u1 - u0) - (y1 - y0) * (u2 - u0)) / area;
  return { a, b, c, d, x0: x0 - a * u0 - b * v0, y0: y0 - c * u0 - d * v0 };
}

function centre(points: readonly Point[]): Point {
  const sum = points.reduce<Point>(([x, y], [px, py]) => [x + px, y + py], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}

/** dlib pads its five points by a quarter of their extent on every side. */
const padded = (value: number): number => (0.25 + value) / 1.5;

/**
 * dlib's 150-pixel chip: outer and inner corners of both eyes and the base of the nose
 * (get_face_chip_details in dlib/image_transforms/interpolation.h, padding 0.25). The residual net was trained on chips
 * that dlib's own landmarks aligned; where landmarks68 puts the same points on the same faces is `dx`, `dy` pixels of the
 * chip away, on average, so that is where they belong (docs/decisions/alignment.md).
 */
export const dlibChip: ChipTemplate = {
  size: 150,
  fit: 'similarity',
  points: (
    [
      [45, 0.8595674595992, 0.2134981538014, { dx: -1.9, dy: -2 }],
      [42, 0.6460604764104, 0.2289674387677, { dx: -0.65, dy: -2.15 }],
      [36, 0.1205750620789, 0.2137274526848, { dx: 0.32, dy: -3.24 }],
      [39, 0.3340850613712, 0.2290642403242, { dx: -0.95, dy: -2.33 }],
      [33, 0.4901123135679, 0.6277975316475, { dx: -0.63, dy: -1.14 }],
    ] as const
  ).map(([landmark, x, y, { dx, dy }]) => [landmark, padded(x) + dx / 150, padded(y) + dy / 150]),
};

/**
 * OpenFace's 96-pixel chip, on which nn4.small2 was trained: the affine map that brings the outer corners of the eyes and
 * the base of the nose to their places in the mean face, which fills the chip (openface/align_dlib.py).
 */
export const openfaceChip: ChipTemplate = {
  size: 96,
  fit: 'affine',
  points: (
    [
      [36, 0.252418718401, 0.331052263829],
      [45, 0.782865376271, 0.321305281656],
      [33, 0.520712933176, 0.634268222208],
    ] as const
  ).map(([landmark, x, y]) => [
    landmark,
    (x - 0.0792396913815) / (0.971193274221 - 0.0792396913815),
    (y - 0.182360984545) / (1.06080371126 - 0.182360984545),
  ]),
};

/**
 * The 112-pixel chip that ArcFace and its kin are trained on: the middles of both eyes, the tip of the nose and the corners
 * of the mouth (Deng et al. 2019; the five points of insightface's face_align).
 */
export const arcfaceChip: ChipTemplate = {
  size: 112,
  fit: 'similarity',
  points: (
    [
      [[36, 37, 38, 39, 40, 41], 38.2946, 51.6963],
      [[42, 43, 44, 45, 46, 47], 73.5318, 51.5014],
      [30, 56.0252, 71.7366],
      [48, 41.5493, 92.3655],
      [54, 70.7299, 92.2041],
    ] as const
  ).map(([landmark, x, y]) => [landmark, x / 112, y / 112]),
};

/** The template of a network's chip of that size. */
export function chipTemplate(alignment: Alignment, size: number): ChipTemplate {
  if (typeof alignment === 'object') return { size, fit: 'upright', points: [], margin: alignment.margin };
  return { ...{ dlib: dlibChip, openface: openfaceChip, arcface: arcfaceChip }[alignment], size };
}

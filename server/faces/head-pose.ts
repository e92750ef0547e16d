/** Degrees. */
export interface HeadPose {
  /** Turned away; positive towards the picture's right edge, 0 facing the camera. */
  yaw: number;
  /** Raised (positive) or lowered. */
  pitch: number;
  /** Leaning; positive clockwise as the picture is seen. */
  roll: number;
}

/**
 * Where the head points, from 68 landmarks: the rotation of a generic head under weak perspective (a scaled
 * orthographic camera), fitted by least squares to the nose's tip, the chin, the outer corners of the eyes and the
 * corners of the mouth (the first step of POSIT, DeMenthon and Davis 1995). Right to about 8 degrees up to a turn of 45;
 * beyond that the hidden half of the landmarks is a guess, and so is the angle.
 *
 * @param landmarks 136 numbers, x y x y ..., in pixels of the picture
 */
export function headPose(landmarks: Float32Array): HeadPose {
  const [across, down] = [fit(landmarks, 0), fit(landmarks, 1)];
  const scale = (Math.hypot(...across) + Math.hypot(...down)) / 2 || 1;
  const clamp = (value: number): number => Math.min(1, Math.max(-1, value));
  // The third column is where the head's own forward direction comes to lie in the picture.
  const yaw = degrees(Math.asin(clamp(across[2] / scale)));
  const pitch = degrees(Math.asin(clamp(-down[2] / scale))) - PITCH_AT_REST;
  const roll = degrees(Math.atan2(down[0], across[0]));
  return { yaw, pitch, roll };
}

/** Row of the 2x3 camera matrix that maps the head onto the picture's axis 0 (x) or 1 (y, downwards). */
function fit(landmarks: Float32Array, axis: 0 | 1): [number, number, number] {
  const values = HEAD.map(([landmark]) => landmarks[2 * landmark + axis]);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const row: [number, number, number] = [0, 0, 0];
  values.forEach((value, i) => {
    for (let k = 0; k < 3; k += 1) row[k] += INVERSE[k][i] * (value - mean);
  });
  return row;
}

const degrees = (radians: number): number => (radians * 180) / Math.PI;

/** Number of the landmark, and its place on a generic head: x right, y down, z towards the camera, any unit. */
const HEAD: readonly (readonly [landmark: number, x: number, y: number, z: number])[] = [
  [30, 0, 0, 0],
  [8, 0, 330, -65],
  [36, -225, -170, -135],
  [45, 225, -170, -135],
  [48, -150, 150, -125],
  [54, 150, 150, -125],
];

/** What a head that faces the camera measures on average: the generic head's nose is longer than most. */
const PITCH_AT_REST = -5;

/** 3 x 6: the pseudo-inverse of the centred head, (X^T X)^-1 X^T. */
const INVERSE = ((): number[][] => {
  const means = [1, 2, 3].map((k) => HEAD.reduce((sum, point) => sum + point[k], 0) / HEAD.length);
  const points = HEAD.map((point) => [point[1] - means[0], point[2] - means[1], point[3] - means[2]]);
  const square = [0, 1, 2].map((i) => [0, 1, 2].map((j) => points.reduce((s, p) => s + p[i] * p[j], 0)));
  const minor = (i: number, j: number): number => {
    const [r0, r1] = [0, 1, 2].filter((r) => r !== i);
    const [c0, c1] = [0, 1, 2].filter((c) => c !== j);
    return (square[r0][c0] * square[r1][c1] - square[r0][c1] * square[r1][c0]) * ((i + j) % 2 ? -1 : 1);
  };
  const determinant = [0, 1, 2].reduce((sum, j) => sum + square[0][j] * minor(0, j), 0);
  const inverse = [0, 1, 2].map((i) => [0, 1, 2].map((j) => minor(j, i) / determinant));
  return inverse.map((row) =>
    points.map((point) => row.reduce((sum, value, k) => sum + value * point[k], 0)),
  );
})();

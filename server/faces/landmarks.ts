import { LANDMARK_INPUT } from '../../models/landmarks68.js';
import type { Picture } from '../frames/frame.js';
import type { Box } from './face.js';
import { crop } from './crop.js';
import { place, type Transform } from './transform.js';
import type { Runner } from './engine.js';
import { freshMemory, type Scratch } from './scratch.js';

/** A face that was found: in which picture, and where. */
export interface Found {
  picture: Picture;
  box: Box;
}

/**
 * The 68 landmarks of every face, all faces in one go: x y x y ..., pixels of their picture. Where a head is tilted,
 * a second pass looks at a crop that the first has levelled, since the network was trained on upright faces.
 */
export async function landmarks(
  runner: Runner,
  faces: readonly Found[],
  scratch: Scratch = freshMemory,
): Promise<Float32Array[]> {
  const points = await pass(
    runner,
    faces,
    faces.map(({ box }) => square(box, 0)),
    scratch,
  );
  const rolls = points.map(roll);
  const tilted = faces.flatMap((_, i) => (Math.abs(rolls[i]) > MOST_ROLL ? [i] : []));
  const again = await pass(
    runner,
    tilted.map((i) => faces[i]),
    tilted.map((i) => square(faces[i].box, rolls[i])),
    scratch,
  );
  tilted.forEach((face, i) => (points[face] = again[i]));
  return points;
}

async function pass(
  runner: Runner,
  faces: readonly Found[],
  crops: readonly Transform[],
  scratch: Scratch,
): Promise<Float32Array[]> {
  const area = LANDMARK_INPUT * LANDMARK_INPUT * 3;
  const points: Float32Array[] = [];
  for (let start = 0; start < faces.length; start += MOST_AT_ONCE) {
    const count = Math.min(MOST_AT_ONCE, faces.length - start);
    const input = scratch('landmarks', count * area);
    for (let i = 0; i < count; i += 1)
      crop(faces[start + i].picture, crops[start + i], LANDMARK_INPUT, input, i * area);
    const [output] = await runner.run(input, count);
    for (let i = 0; i < count; i += 1)
      points.push(inPicture(output.subarray(i * 136, (i + 1) * 136), crops[start + i]));
  }
  return points;
}

/** By how much the eyes are off the level, radians, clockwise. */
function roll(points: Float32Array): number {
  const [rightX, rightY] = mean(points, 36, 42);
  const [leftX, leftY] = mean(points, 42, 48);
  return Math.atan2(leftY - rightY, leftX - rightX);
}

/** The square around a box, turned by `angle` radians. */
function square(box: Box, angle: number): Transform {
  const scale = Math.max(box.width, box.height) / LANDMARK_INPUT;
  const a = scale * Math.cos(angle);
  const c = scale * Math.sin(angle);
  const half = LANDMARK_INPUT / 2;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  return { a, b: -c, c, d: a, x0: x - half * (a - c), y0: y - half * (c + a) };
}

function mean(points: Float32Array, from: number, until: number): [x: number, y: number] {
  let x = 0;
  let y = 0;
  for (let i = from; i < until; i += 1) {
    x += points[2 * i];
    y += points[2 * i + 1];
  }
  return [x / (until - from), y / (until - from)];
}

function inPicture(output: Float32Array, transform: Transform): Float32Array {
  const points = new Float32Array(output.length);
  for (let i = 0; i < output.length; i += 2) {
    const [x, y] = place(transform, output[i] * LANDMARK_INPUT, output[i + 1] * LANDMARK_INPUT);
    points[i] = x;
    points[i + 1] = y;
  }
  return points;
}

const MOST_AT_ONCE = 16;
/** Ten degrees: up to there a second pass changes nothing for the better. */
const MOST_ROLL = (10 * Math.PI) / 180;

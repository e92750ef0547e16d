import { LANDMARK_INPUT } from '../../models/landmarks68.js';
import type { Picture } from '../frames/frame.js';
import type { Box } from './face.js';
import { crop, place, type Transform } from './crop.js';
import type { Runner } from './engine.js';

/** A face that was found: in which picture, and where. */
export interface Found {
  picture: Picture;
  box: Box;
}

/**
 * The 68 landmarks of every face, all faces in one go: x y x y ..., pixels of their picture. Two passes: the
 * second looks at a crop that the first has levelled, since the network was trained on upright faces.
 */
export async function landmarks(runner: Runner, faces: readonly Found[]): Promise<Float32Array[]> {
  const rough = await pass(
    runner,
    faces,
    faces.map(({ box }) => upright(box)),
  );
  return pass(
    runner,
    faces,
    rough.map((points, i) => levelled(points, faces[i].box)),
  );
}

async function pass(
  runner: Runner,
  faces: readonly Found[],
  crops: readonly Transform[],
): Promise<Float32Array[]> {
  const area = LANDMARK_INPUT * LANDMARK_INPUT * 3;
  const points: Float32Array[] = [];
  for (let start = 0; start < faces.length; start += MOST_AT_ONCE) {
    const count = Math.min(MOST_AT_ONCE, faces.length - start);
    const input = new Float32Array(count * area);
    for (let i = 0; i < count; i += 1)
      crop(faces[start + i].picture, crops[start + i], LANDMARK_INPUT, input, i * area);
    const [output] = await runner.run(input, count);
    for (let i = 0; i < count; i += 1)
      points.push(inPicture(output.subarray(i * 136, (i + 1) * 136), crops[start + i]));
  }
  return points;
}

/** The square around a box. */
function upright(box: Box): Transform {
  return square(box.x + box.width / 2, box.y + box.height / 2, Math.max(box.width, box.height), 0);
}

/** The same square, turned so that the eyes are level. */
function levelled(points: Float32Array, box: Box): Transform {
  const [rightX, rightY] = mean(points, 36, 42);
  const [leftX, leftY] = mean(points, 42, 48);
  const roll = Math.atan2(leftY - rightY, leftX - rightX);
  return square(box.x + box.width / 2, box.y + box.height / 2, Math.max(box.width, box.height), roll);
}

function square(x: number, y: number, side: number, roll: number): Transform {
  const scale = side / LANDMARK_INPUT;
  const a = scale * Math.cos(roll);
  const c = scale * Math.sin(roll);
  const half = LANDMARK_INPUT / 2;
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

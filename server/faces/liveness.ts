import { ANTISPOOF_INPUT } from '../../models/antispoof.js';
import { LIVENESS_INPUT } from '../../models/liveness.js';
import { crop } from './crop.js';
import type { Transform } from './transform.js';
import type { Runner } from './engine.js';
import type { Box, Liveness } from './face.js';
import type { Found } from './landmarks.js';
import { LIVENESS_THRESHOLD } from './liveness-policy.js';

/** The two networks that look for pictures of faces, compiled. */
export interface LivenessRunners {
  antispoof: Runner;
  liveness: Runner;
}

/** The liveness of every face, all faces in one go. */
export async function liveness(runners: LivenessRunners, faces: readonly Found[]): Promise<Liveness[]> {
  const real = await firstOutputs(runners.antispoof, faces, ANTISPOOF_INPUT, 1);
  const live = await firstOutputs(runners.liveness, faces, LIVENESS_INPUT, 2);
  return faces.map((_, i) => {
    const score = combine(real[i], live[i]);
    return { real: real[i], live: live[i], score, passed: score >= LIVENESS_THRESHOLD };
  });
}

/** Neither network alone may pass a face: the geometric mean is low where either is. */
export function combine(real: number, live: number): number {
  return Math.sqrt(real * live);
}

/** The first of the `outputs` numbers that the network gives for each face. */
async function firstOutputs(
  runner: Runner,
  faces: readonly Found[],
  size: number,
  outputs: number,
): Promise<number[]> {
  const area = size * size * 3;
  const first: number[] = [];
  for (let start = 0; start < faces.length; start += MOST_AT_ONCE) {
    const count = Math.min(MOST_AT_ONCE, faces.length - start);
    const input = new Float32Array(count * area);
    for (let i = 0; i < count; i += 1) {
      const { picture, box } = faces[start + i];
      crop(picture, surroundings(box, size), size, input, i * area);
    }
    const [output] = await runner.run(input, count);
    for (let i = 0; i < count; i += 1) first.push(output[i * outputs]);
  }
  return first;
}

/** The square around the face, with what lies around it: a paper's edge or a screen's frame gives itself away there. */
function surroundings(box: Box, size: number): Transform {
  const side = Math.max(box.width, box.height) * ENLARGED;
  const scale = side / size;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  return { a: scale, b: 0, c: 0, d: scale, x0: x - side / 2, y0: y - side / 2 };
}

/** By how much the library that ships these networks enlarges a face's box before it shows it to them. */
const ENLARGED = 1.4;
const MOST_AT_ONCE = 16;

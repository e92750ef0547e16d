import type { Picture } from '../frames/frame.js';
import { align, type ChipTemplate } from './align.js';
import { crop } from './crop.js';
import type { Runner } from './engine.js';

/** The embedding of every face, all faces of all pictures in one go: each is cut out aligned to the template. */
export async function embed(
  runner: Runner,
  template: ChipTemplate,
  faces: readonly { picture: Picture; landmarks: Float32Array }[],
): Promise<Float32Array[]> {
  const area = template.size * template.size * 3;
  const embeddings: Float32Array[] = [];
  for (let start = 0; start < faces.length; start += MOST_AT_ONCE) {
    const count = Math.min(MOST_AT_ONCE, faces.length - start);
    const input = new Float32Array(count * area);
    for (let i = 0; i < count; i += 1) {
      const { picture, landmarks } = faces[start + i];
      crop(picture, align(landmarks, template), template.size, input, i * area);
    }
    const [output] = await runner.run(input, count);
    const length = output.length / count;
    for (let i = 0; i < count; i += 1) embeddings.push(output.slice(i * length, (i + 1) * length));
  }
  return embeddings;
}

const MOST_AT_ONCE = 16;

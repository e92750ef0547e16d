import type { Picture } from '../frames/frame.js';
import { align, type ChipTemplate } from './align.js';
import { crop } from './crop.js';
import type { Runner } from './engine.js';
import { freshMemory, type Scratch } from './scratch.js';

/** A face whose embedding is wanted. */
export interface Aligned {
  picture: Picture;
  /** 136 numbers, pixels of the picture. */
  landmarks: Float32Array;
  /** Embeds the mirrored chip as well, and gives the mean: twice the price, fewer mistakes. */
  mirrored?: boolean;
}

/** The embedding of every face, all faces of all pictures in one go: each is cut out aligned to the template. */
export async function embed(
  runner: Runner,
  template: ChipTemplate,
  faces: readonly Aligned[],
  scratch: Scratch = freshMemory,
): Promise<Float32Array[]> {
  const area = template.size * template.size * 3;
  const chips = faces.flatMap((face) => (face.mirrored ? [{ face }, { face, mirror: true }] : [{ face }]));
  const made = new Map<Aligned, Float32Array[]>(faces.map((face) => [face, []]));
  for (let start = 0; start < chips.length; start += MOST_AT_ONCE) {
    const batch = chips.slice(start, start + MOST_AT_ONCE);
    const input = scratch('chips', batch.length * area);
    batch.forEach(({ face, ...how }, i) => {
      crop(face.picture, align(face.landmarks, template), template.size, input, i * area);
      if ('mirror' in how) mirror(input.subarray(i * area, (i + 1) * area), template.size);
    });
    const [output] = await runner.run(input, batch.length);
    const length = output.length / batch.length;
    batch.forEach(({ face }, i) => made.get(face)!.push(output.slice(i * length, (i + 1) * length)));
  }
  return faces.map((face) => mean(made.get(face)!));
}

const MOST_AT_ONCE = 16;

/** Swaps left and right, in place. */
function mirror(chip: Float32Array, size: number): void {
  for (let row = 0; row < chip.length; row += size * 3)
    for (let left = row, right = row + (size - 1) * 3; left < right; left += 3, right -= 3)
      for (let channel = 0; channel < 3; channel += 1) {
        const value = chip[left + channel];
        chip[left + channel] = chip[right + channel];
        chip[right + channel] = value;
      }
}

/** The mean embedding, as long as those it is the mean of: a network that gives unit length is still believed. */
function mean(embeddings: readonly Float32Array[]): Float32Array {
  if (embeddings.length === 1) return embeddings[0];
  const sum = new Float32Array(embeddings[0].length);
  for (const embedding of embeddings) embedding.forEach((value, i) => (sum[i] += value));
  const wanted =
    embeddings.reduce((total, embedding) => total + Math.hypot(...embedding), 0) / embeddings.length;
  const scale = wanted / Math.hypot(...sum);
  return sum.map((value) => value * scale);
}

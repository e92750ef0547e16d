import type { TrainingFaces } from '../../server/training/faces.js';
import { seededRandom } from '../../server/training/random.js';

/**
 * Faces of people who differ in the first half of the numbers, while every photo differs by `nuisance` in the second half
 * and by a little everywhere: what there is to learn is to look at the first half.
 */
export function madeFaces(
  {
    people,
    photos,
    length = 16,
    nuisance,
  }: { people: number; photos: number; length?: number; nuisance: number },
  seed = 1,
): TrainingFaces {
  const random = seededRandom(seed);
  // Sum of three uniform numbers: near enough to a normal distribution, standard deviation 0.5.
  const noise = () => random() + random() + random() - 1.5;
  const rows: number[][] = [];
  for (let person = 0; person < people; person += 1) {
    const centre = Array.from({ length }, (_, i) => (i < length / 2 ? noise() : 0));
    for (let photo = 0; photo < photos; photo += 1)
      rows.push(centre.map((value, i) => value + noise() * (i < length / 2 ? 0.15 : nuisance)));
  }
  return {
    embeddings: Float32Array.from(rows.flat().map((value) => value * 0.5)),
    length,
    people: Int32Array.from(rows, (_, row) => Math.floor(row / photos)),
  };
}

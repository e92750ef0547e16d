import type { GalleryPerson } from '../../server/evaluation/compare-gallery.js';
import { numbers } from '../contracts/generated.js';

const LENGTH = 128;

/** An embedding at exact places on the first axes, 0 elsewhere. */
export function embeddingAt(...places: number[]): Float32Array {
  const embedding = new Float32Array(LENGTH);
  embedding.set(places);
  return embedding;
}

/**
 * Generated people: each has a place of their own, distances between two people about `apart`, and photos that lie
 * about `within` from each other.
 */
export function peopleAround(
  count: number,
  photos: number,
  { apart = 0.8, within = 0.35, seed = 3 } = {},
): GalleryPerson[] {
  const random = numbers(seed);
  const vector = (length: number): Float32Array => {
    const normal = Float32Array.from(
      { length: LENGTH },
      () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()),
    );
    // Two independent ones are sqrt(2) times their length apart.
    return normal.map((value) => (value * length) / Math.SQRT2 / Math.sqrt(LENGTH));
  };
  return Array.from({ length: count }, (_, person) => {
    const centre = vector(apart);
    return {
      id: `p${person}`,
      name: `Person ${person}`,
      samples: Array.from({ length: photos }, (_, photo) => {
        // Some people's photos vary more than others'.
        const shift = vector(within * (0.6 + 0.8 * random()));
        return { photo: `p${person}/${photo}.jpg`, embedding: centre.map((value, i) => value + shift[i]) };
      }),
    };
  });
}

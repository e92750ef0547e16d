import { euclidean } from '../../evaluation/compare-gallery.js';
import type { PicturePair } from '../../evaluation/pairs.js';
import type { ScoredPair } from '../../evaluation/scores.js';
import type { Embedded } from './embed-pictures.js';

/**
 * The distance of each pair of which both pictures could be read; Infinity where one shows no face: nobody is
 * recognised in it, so the product would say "not the same", and is right or wrong with that.
 */
export function scorePairs(
  pairs: readonly PicturePair[],
  pictures: ReadonlyMap<string, Embedded>,
): (ScoredPair & PicturePair)[] {
  return pairs.flatMap((pair) => {
    const [one, other] = [pictures.get(pair.a), pictures.get(pair.b)];
    if (!one || !other || one.kind === 'unreadable' || other.kind === 'unreadable') return [];
    const distance =
      one.kind === 'face' && other.kind === 'face' ? euclidean(one.embedding, other.embedding) : Infinity;
    return [{ ...pair, distance }];
  });
}

/** Two pictures or embeddings that were compared. */
export interface ScoredPair {
  /** Euclidean (L2), >= 0; Infinity where one of the two shows no face, so that no threshold makes them one person. */
  distance: number;
  /** Whether both are the same person. */
  same: boolean;
  /** Which fold of the data it belongs to, from 0; left out where there are none. */
  fold?: number;
}

/** Distances by kind, nearest first: everything that counts errors works on these. */
export interface Scores {
  /** Of comparisons of one person with themselves. */
  genuine: Float64Array;
  /** Of comparisons of two people. */
  impostor: Float64Array;
}

/** Sorts distances into genuine and impostor ones. Throws a RangeError for a distance that is none (NaN, < 0). */
export function toScores(pairs: Iterable<ScoredPair>): Scores {
  const genuine: number[] = [];
  const impostor: number[] = [];
  for (const { distance, same } of pairs) {
    if (!(distance >= 0)) throw new RangeError(`a distance of ${distance}`);
    (same ? genuine : impostor).push(distance);
  }
  return { genuine: Float64Array.from(genuine).sort(), impostor: Float64Array.from(impostor).sort() };
}

/** How many of the sorted distances count as a match: are <= threshold. */
export function countAccepted(sorted: Float64Array, threshold: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] <= threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the sorted distances are < limit. */
export function countBelow(sorted: Float64Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The largest distance of either kind that is < limit and finite; null where there is none. */
export function largestBelow({ genuine, impostor }: Scores, limit: number): number | null {
  const candidates = [genuine, impostor].flatMap((sorted) => {
    const count = countBelow(sorted, limit);
    return count === 0 ? [] : [sorted[count - 1]];
  });
  return candidates.length === 0 ? null : Math.max(...candidates);
}

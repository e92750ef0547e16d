import { countAccepted, type Scores } from './scores.js';

/** Distances counted in bins of one width: bin i holds those above edges[i] and up to edges[i + 1]; the first also 0. */
export interface Histogram {
  /** bins + 1 numbers. */
  edges: number[];
  genuine: number[];
  impostor: number[];
  /** Comparisons without a distance, for want of a face. */
  missed: { genuine: number; impostor: number };
}

/** @param limit upper edge of the last bin, > 0; what lies above it is counted in the last one */
export function histogram(scores: Scores, limit: number, bins = 60): Histogram {
  const edges = Array.from({ length: bins + 1 }, (_, index) => (index / bins) * limit);
  const count = (sorted: Float64Array): number[] => {
    const upTo = edges.map((edge, index) => (index === 0 ? 0 : countAccepted(sorted, edge)));
    upTo[bins] = finiteCount(sorted);
    return upTo.slice(1).map((accepted, index) => accepted - upTo[index]);
  };
  return {
    edges,
    genuine: count(scores.genuine),
    impostor: count(scores.impostor),
    missed: {
      genuine: scores.genuine.length - finiteCount(scores.genuine),
      impostor: scores.impostor.length - finiteCount(scores.impostor),
    },
  };
}

/** How many of the sorted distances are distances at all. */
export function finiteCount(sorted: Float64Array): number {
  return countAccepted(sorted, Number.MAX_VALUE);
}

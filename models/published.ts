/** What a network does at a threshold on a public set of pairs. */
export interface PublishedPoint {
  threshold: number;
  /** 0..1. */
  far: number;
  frr: number;
  source: string;
}

const LFW = "the 6,000 pairs of LFW through this product's alignment, docs/decisions/thresholds.md";

/** Known behaviour of the networks, for galleries that are too small to tell; empty where none is known. */
export const publishedPoints: Partial<Record<string, readonly PublishedPoint[]>> = {
  'dlib-resnet': [
    { threshold: 0.538, far: 0.001, frr: 0.1, source: LFW },
    { threshold: 0.6, far: 0.006, frr: 0.025, source: LFW },
  ],
};

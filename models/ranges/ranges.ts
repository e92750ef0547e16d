/**
 * The smallest and largest value that each result of a network takes on faces, by the result's id (the id of the layer
 * whose value it is once norms and activations are folded). Engines that compute in 8 bits need them.
 */
export type Ranges = Readonly<Record<string, readonly [least: number, most: number]>>;

/** Ranges as they are kept: they hold for one set of weights only. */
export interface KeptRanges {
  readonly network: string;
  /** Of the weights' binary. */
  readonly sha256: string;
  /** What they were measured on, in words. */
  readonly measuredOn: string;
  readonly ranges: Ranges;
}

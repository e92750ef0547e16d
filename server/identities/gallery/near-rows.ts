/**
 * CONTRACT: an approximate nearest-neighbour index of rows by key, on the thread that calls it. It may miss some; what
 * it finds is compared exactly by whoever asks.
 */
export interface NearRows {
  /** For the log, for example `usearch 2.25.3`. */
  readonly description: string;
  /** Adds embeddings, keys.length x length numbers, each under a key that it never had before. */
  add(keys: readonly number[], embeddings: Float32Array): void;
  remove(keys: readonly number[]): void;
  /** Keys of about the `count` nearest of each probe, nearest first. */
  search(probes: Float32Array, count: number): number[][];
}

/** Opens one for embeddings of `length` numbers; rejects with GALLERY_UNAVAILABLE where it does not load. */
export type OpenNearRows = (length: number) => Promise<NearRows>;

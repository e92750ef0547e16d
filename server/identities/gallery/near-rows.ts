/**
 * CONTRACT: an approximate nearest-neighbour index of rows by their number, on the thread that calls it. It may miss some;
 * what it finds is compared exactly by whoever asks.
 */
export interface NearRows {
  /** For the log, for example `1,024 lists`. */
  readonly description: string;
  /**
   * Adds embeddings, rows.length x length numbers, of rows that it does not have: small whole numbers.
   *
   * @returns those that it does not take, for they are unlike what it was learnt from: they have to be compared one by one
   */
  add(rows: readonly number[], embeddings: Float32Array): number[];
  /** Forgets rows; one that it does not have is no error. */
  remove(rows: readonly number[]): void;
  /**
   * About the `count` rows nearest to each probe, 1..1024, about nearest first; null for a probe so unlike what it was learnt
   * from that it cannot say. Every number is finite.
   */
  search(probes: Float32Array, count: number): (Uint32Array | null)[];
}

/** What is learnt is learnt anew when there are so many times as many rows as were expected. */
export const OUTGROWN = 2;

/**
 * Learns from a sample how embeddings lie, some milliseconds at a time between which others have their turn, and gives an
 * empty index for `expected` rows like them, and up to OUTGROWN times as many; null where they lie so that it could not tell them apart.
 *
 * @param sample rows x length numbers, at least one row
 * @param signal rejects with an AbortError when it is aborted
 */
export type LearnNearRows = (
  sample: Float32Array,
  expected: number,
  signal: AbortSignal,
) => Promise<NearRows | null>;

/** Opens what learns, for embeddings of `length` numbers; rejects with GALLERY_UNAVAILABLE where it cannot run. */
export type OpenNearRows = (length: number) => Promise<LearnNearRows>;

import { GatehouseError } from '../base/errors.js';
import type { Person } from './person.js';
import { embeddingFault } from './sound-embedding.js';

/** Somebody as an index keeps them: the embedding of each of their samples, at least one. */
export interface Member extends Person {
  readonly embeddings: readonly Float32Array[];
}

/** One person near a probe. */
export interface Neighbour {
  person: Person;
  /** Euclidean (L2) distance to the nearest of the person's samples. */
  distance: number;
}

/** What is different. A person who is put and was there before is replaced whole. */
export interface GalleryUpdate {
  readonly put: readonly Member[];
  /** Ids; one that is not there is no error. */
  readonly remove: readonly string[];
}

/**
 * CONTRACT: everybody's embeddings of one network, searched for the people nearest to a probe.
 *
 * A search sees every person whole or not at all, and every update that resolved before it was asked for.
 * Distances are exact whatever the index: `Math.sqrt` of the sum of squared differences in double precision, so
 * that two indexes agree to the last bit. Which people are found is exact too, except by an index that says that
 * it is approximate.
 */
export interface GalleryIndex {
  /** How it searches, for /health and the log, for example `matrix products on onnxruntime 1.30.0`. */
  readonly description: string;
  /** Samples in it. */
  readonly samples: number;
  /**
   * Adds, replaces and removes people without building anything anew; resolves once searches see it. Rejects with
   * EMBEDDING_INVALID for an embedding of another length or with numbers that are none, and then nothing has changed.
   */
  update(update: GalleryUpdate): Promise<void>;
  /**
   * The `k` nearest people of each probe, nearest first, one entry a person; of two equally near the one whose id
   * comes first. Fewer than `k` where there are fewer; none for a probe with a number that is none.
   *
   * @param probes count x length numbers; rejects with EMBEDDING_INVALID where they are not
   */
  search(probes: Float32Array, k: number): Promise<Neighbour[][]>;
  close(): Promise<void>;
}

/** How many probes there are; throws EMBEDDING_INVALID for what is no whole number of them. */
export function countProbes(probes: Float32Array, length: number): number {
  if (probes.length % length === 0) return probes.length / length;
  throw embeddingInvalid(`${probes.length} numbers are no probes of ${length} each`);
}

/** Throws EMBEDDING_INVALID unless every embedding has `length` numbers, all of them finite. */
export function checkMembers(members: readonly Member[], length: number): void {
  for (const { id, embeddings } of members)
    for (const embedding of embeddings) {
      const fault = embeddingFault(embedding, length);
      if (fault !== null) throw embeddingInvalid(`${id}: ${fault}`);
    }
}

export function embeddingInvalid(message: string): GatehouseError {
  return new GatehouseError(
    'EMBEDDING_INVALID',
    message,
    'Every embedding of a gallery has to come from the same network.',
  );
}

import type { Alignment } from './dropped-in-manifest.js';
import type { Network } from './network.js';
import type { WeightsSource } from './weights.js';

/** Of a network that makes embeddings. */
export interface Embedding {
  /** How many numbers an embedding has. */
  readonly length: number;
  readonly defaultThreshold: number;
  readonly alignment: Alignment;
  /** Side of the chip, pixels. */
  readonly size: number;
}

export interface CatalogueEntry {
  readonly name: string;
  /** What its embeddings are stored under; those of two identities never compare. Left out: the name. */
  readonly identity?: string;
  readonly purpose: string;
  /** In words, for example `150x150`. */
  readonly input: string;
  /** null: not a network that makes embeddings. */
  readonly embedding: Embedding | null;
  readonly weights: WeightsSource;
  describe(): Network;
}

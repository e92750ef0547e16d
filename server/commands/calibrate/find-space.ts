import { catalogue } from '../../../models/catalogue.js';
import type { Config } from '../../config.js';

/** The space in which the server measures distances: what a threshold belongs to. */
export interface EmbeddingSpace {
  /** As calibrations are kept by. */
  name: string;
  /** Under which the samples of the store are kept. */
  network: string;
  /** That is used where nothing is calibrated. */
  defaultThreshold: number;
  /** Puts an embedding of the network into the space. */
  transform: (embedding: Float32Array) => Float32Array;
}

/** The space of the configured network. */
export function findSpace({ network }: Config['recognition']): Promise<EmbeddingSpace> {
  return Promise.resolve({
    name: network,
    network,
    defaultThreshold: catalogue[network].embedding.defaultThreshold,
    transform: (embedding) => embedding,
  });
}

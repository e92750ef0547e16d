import { join } from 'node:path';
import { findEmbedder } from '../../../models/catalogue.js';
import type { Config } from '../../config.js';
import {
  adaptationFolder,
  embeddingSpace,
  readAdaptation,
  transformOf,
} from '../../identities/adaptation.js';

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

/**
 * The space of the configured network, adapted where `gatehouse adapt` left something. Rejects with ADAPTATION_CORRUPT:
 * what is calibrated without it would be in force no longer once it is learned anew.
 *
 * @param data the data folder
 */
export async function findSpace({ network }: Config['recognition'], data: string): Promise<EmbeddingSpace> {
  const { name, identity = name, embedding } = await findEmbedder(network, join(data, 'models'));
  const adaptation = await readAdaptation(adaptationFolder(data), identity, embedding.length);
  return {
    name: embeddingSpace(identity, adaptation),
    network: identity,
    defaultThreshold: embedding.defaultThreshold,
    transform: adaptation ? transformOf(adaptation) : (each) => each,
  };
}

import { asGatehouseError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { adaptationFolder, embeddingSpace, readAdaptation, transformOf } from '../identities/adaptation.js';

export interface ComposedAdaptation {
  /** null: embeddings are compared as the network makes them. */
  transform: ((embedding: Float32Array) => Float32Array) | null;
  /** Name of the space that distances are measured in; see embeddingSpace. */
  space: string;
  /** In the operator's words; null while all is well. */
  problem: string | null;
}

/**
 * What `gatehouse adapt` left for a network. One that cannot be used is a problem, and the server goes on without.
 *
 * @param length numbers of the network's embeddings
 */
export async function composeAdaptation(
  data: string,
  network: string,
  length: number,
  log: Log,
): Promise<ComposedAdaptation> {
  try {
    const adaptation = await readAdaptation(adaptationFolder(data), network, length);
    const space = embeddingSpace(network, adaptation);
    if (!adaptation) return { transform: null, space, problem: null };
    const { learnedAt, people, faces } = adaptation;
    log.info({ space, learnedAt, people, faces }, 'embeddings are adapted to the people of this gallery');
    return { transform: transformOf(adaptation), space, problem: null };
  } catch (thrown) {
    const { code, message, advice } = asGatehouseError(thrown);
    log.error({ code, reason: message }, advice);
    return { transform: null, space: network, problem: `${code}: ${message}` };
  }
}

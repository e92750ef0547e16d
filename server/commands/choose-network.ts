import { embeddingNetworks, type EmbeddingNetwork } from '../../models/catalogue.js';
import { GatehouseError } from '../base/errors.js';

/** A network that makes embeddings, by the name that was typed. Throws MODEL_UNKNOWN with those that there are. */
export function chooseNetwork(name: string): EmbeddingNetwork {
  const found = embeddingNetworks.find((each) => each === name);
  if (found) return found;
  throw new GatehouseError(
    'MODEL_UNKNOWN',
    `there is no network "${name}" that makes embeddings`,
    `Choose one of ${embeddingNetworks.join(', ')}; gatehouse models lists what there is.`,
  );
}

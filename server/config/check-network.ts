import { findEmbedder } from '../../models/catalogue.js';
import { GatehouseError } from '../base/errors.js';
import type { Config } from '../config.js';

/**
 * Whether the network of the configuration is there, which the file alone cannot tell: imported ones are in the data
 * folder. Rejects with CONFIG_INVALID, naming those there are, or with what is wrong with an imported one.
 */
export async function checkNetwork({ recognition }: Config, modelsFolder: string): Promise<void> {
  try {
    await findEmbedder(recognition.network, modelsFolder);
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.code !== 'MODEL_UNKNOWN') throw error;
    throw new GatehouseError(
      'CONFIG_INVALID',
      `recognition.network: ${error.message}`,
      'Choose one of them, or import yours: docs/models.md.',
    );
  }
}

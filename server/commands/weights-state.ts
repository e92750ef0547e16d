import type { CatalogueEntry } from '../../models/catalogue.js';
import { readWeights } from '../../models/weights.js';
import { asGatehouseError } from '../base/errors.js';

/** State of a network's weights: `ready`, or what is wrong with them. */
export async function weightsState(entry: CatalogueEntry, modelsFolder: string): Promise<string> {
  try {
    await readWeights(entry.describe(), entry.weights, modelsFolder);
    return 'ready';
  } catch (thrown) {
    const error = asGatehouseError(thrown);
    return `${error.code}: ${error.remedy}`;
  }
}

import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { catalogue, type EmbeddingNetwork } from '../../../models/catalogue.js';
import { RANGES_FILE } from '../../../models/ranges.js';
import { asGatehouseError } from '../../base/errors.js';
import { rangesOnDrawnFaces } from './measure.js';

/**
 * Measures an imported network on drawn faces and keeps its ranges beside its weights, so that it can run in 8 bits.
 *
 * @returns what was done, or why it will run in 32-bit floats, for the operator
 */
export async function keepRanges(name: EmbeddingNetwork, modelsFolder: string): Promise<string> {
  const source = catalogue[name].weights;
  if (source.kind === 'package') return `${name} comes with its ranges.`;
  try {
    const kept = await rangesOnDrawnFaces(name, modelsFolder);
    const path = join(modelsFolder, source.folder, RANGES_FILE);
    await writeFileAtomic(path, `${JSON.stringify(kept)}\n`);
    return `Measured on ${kept.measuredOn}: it can run in 8 bits where that is faster.`;
  } catch (thrown) {
    const { code, message } = asGatehouseError(thrown);
    return `It will run in 32-bit floats, for it could not be measured: ${code}: ${message}`;
  }
}

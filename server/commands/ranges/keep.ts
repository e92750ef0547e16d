import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { findEmbedder } from '../../../models/catalogue.js';
import { rangesFile } from '../../../models/ranges/read-ranges.js';
import { asGatehouseError } from '../../base/errors.js';
import { rangesOnDrawnFaces, type ChipsOf } from './measure.js';

/**
 * Measures an imported network on drawn faces and keeps its ranges beside its weights, so that it can run in 8 bits.
 *
 * @returns what was done, or why it will run in 32-bit floats, for the operator
 */
export async function keepRanges(name: string, modelsFolder: string, chipsOf: ChipsOf): Promise<string> {
  try {
    const { weights } = await findEmbedder(name, modelsFolder);
    if (weights.kind === 'package') return 'It comes with its ranges.';
    const kept = await rangesOnDrawnFaces(name, modelsFolder, chipsOf);
    const path = join(modelsFolder, weights.folder, rangesFile(name));
    await writeFileAtomic(path, `${JSON.stringify(kept)}\n`);
    return `Measured on ${kept.measuredOn}: it can run in 8 bits where that is faster.`;
  } catch (thrown) {
    const { code, message } = asGatehouseError(thrown);
    return `It will run in 32-bit floats, for it could not be measured: ${code}: ${message}`;
  }
}

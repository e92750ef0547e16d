import { join } from 'node:path';
import { catalogue, type CatalogueEntry } from '../../models/catalogue.js';
import { GatehouseError } from '../base/errors.js';
import { importOpenface } from '../faces/import-openface.js';
import type { CommonOptions } from './options.js';
import { printTable } from './print-table.js';
import { keepRanges } from './ranges/keep.js';
import { weightsState } from './weights-state.js';

/** `gatehouse models list` */
export async function listModels(options: CommonOptions & { json?: boolean }): Promise<number> {
  const folder = join(options.data, 'models');
  const rows = await Promise.all(
    Object.values(catalogue).map(async (entry: CatalogueEntry) => ({
      name: entry.name,
      purpose: entry.purpose,
      input: entry.input,
      embedding: entry.embedding?.length ?? null,
      threshold: entry.embedding?.defaultThreshold ?? null,
      licence: entry.weights.licence,
      weights: await weightsState(entry, folder),
    })),
  );
  if (options.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else printTable(rows);
  return 0;
}

/** `gatehouse models import LAYOUT FOLDER` */
export async function importModel(layout: string, folder: string, options: CommonOptions): Promise<number> {
  if (layout !== 'openface') {
    throw new GatehouseError(
      'MODEL_UNKNOWN',
      `there is no layout "${layout}"`,
      'The only layout is openface.',
    );
  }
  const modelsFolder = join(options.data, 'models');
  const manifest = await importOpenface(folder, join(modelsFolder, 'facenet-nn4'));
  process.stdout.write('Measuring it on drawn faces, which takes some seconds ...\n');
  const ranges = await keepRanges('facenet-nn4', modelsFolder);
  process.stdout.write(
    `facenet-nn4: ${manifest.tensors.length} tensors imported, sha256 ${manifest.sha256}\n${ranges}\n` +
      'Use it with "recognition": { "network": "facenet-nn4" }; people are enrolled anew by themselves.\n',
  );
  return 0;
}

import { join } from 'node:path';
import { listNetworks } from '../../models/catalogue.js';
import { GatehouseError } from '../base/errors.js';
import { importOpenface } from '../faces/import-openface.js';
import { importTfjs, removeModel } from '../faces/import-tfjs.js';
import type { CommonOptions } from './options.js';
import { printTable } from './print-table.js';
import { keepRanges } from './ranges/keep.js';
import { drawnFaces } from './ranges/measure.js';
import { weightsState } from './weights-state.js';

/** `gatehouse models list` */
export async function listModels(options: CommonOptions & { json?: boolean }): Promise<number> {
  const folder = join(options.data, 'models');
  const rows = await Promise.all(
    (await listNetworks(folder)).map(async (entry) => ({
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

/** `gatehouse models import LAYOUT PATH` */
export async function importModel(
  layout: string,
  path: string,
  options: CommonOptions & { manifest?: string },
): Promise<number> {
  const folder = join(options.data, 'models');
  if (layout === 'openface') {
    const manifest = await importOpenface(path, join(folder, 'facenet-nn4'));
    const ranges = await measureRanges(['facenet-nn4', 'facenet-nn4-average'], folder);
    process.stdout.write(
      `facenet-nn4: ${manifest.tensors.length} tensors imported, sha256 ${manifest.sha256}\n${ranges}` +
        'Use it with "recognition": { "network": "facenet-nn4" }; people are enrolled anew by themselves.\n',
    );
  } else if (layout === 'tfjs') {
    const { network, tensors, sha256, dropped } = await importTfjs(path, options.manifest ?? null, folder);
    const ranges = await measureRanges([network], folder);
    process.stdout.write(
      `${network}: ${dropped!.network.layers.length} layers, ${tensors.length} tensors imported, sha256 ${sha256}\n${ranges}` +
        `Use it with "recognition": { "network": "${network}" }; people are enrolled anew by themselves.\n`,
    );
  } else
    throw new GatehouseError(
      'MODEL_UNKNOWN',
      `there is no layout "${layout}"`,
      'The layouts are openface and tfjs.',
    );
  return 0;
}

/** `gatehouse models remove NAME` */
export async function removeModelCommand(name: string, options: CommonOptions): Promise<number> {
  await removeModel(name, join(options.data, 'models'));
  process.stdout.write(`${name}: removed\n`);
  return 0;
}

async function measureRanges(names: readonly string[], modelsFolder: string): Promise<string> {
  process.stdout.write('Measuring it on drawn faces, which takes some seconds ...\n');
  const lines: string[] = [];
  const chipsOf = drawnFaces(modelsFolder);
  for (const name of names) lines.push(`${name}: ${await keepRanges(name, modelsFolder, chipsOf)}\n`);
  return lines.join('');
}

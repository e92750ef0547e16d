import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { catalogue } from '../../models/catalogue.js';
import { facenetNn4 } from '../../models/facenet-nn4.js';
import type { ImportedManifest } from '../../models/weights.js';
import { GatehouseError } from '../base/errors.js';
import { floatBytes, writeModel } from './write-model.js';

/**
 * Imports FaceNet nn4.small2 from the folder of CSV files that the Keras ports of OpenFace carry: one tensor a file, named
 * `NAME_w.csv`, `_b`, `_m`, `_v`; convolutions out x in x height x width, the dense layer out x in. Files that the
 * network does not name are left alone.
 *
 * Rejects with MODEL_MISSING (no such folder), MODEL_INCOMPLETE (naming every file that is missing), MODEL_INVALID (a file
 * with another number of values), DISK_FULL or DATA_NOT_WRITABLE. Then nothing of what was there before is changed.
 *
 * @param folder that folder, or the one above it where that is called `weights`
 * @param destination `<data>/models/facenet-nn4`
 */
export async function importOpenface(folder: string, destination: string): Promise<ImportedManifest> {
  const source = await findFolder(resolve(folder));
  const network = facenetNn4();
  const names = [...network.weights.keys()];
  const missing = await absent(
    names.map((name) => `${name}.csv`),
    source,
  );
  if (missing.length > 0)
    throw new GatehouseError(
      'MODEL_INCOMPLETE',
      `${source} lacks ${missing.length} of ${names.length} files: ${missing.join(', ')}.`,
      'Get the whole folder, for example with git clone instead of the pages of a file browser, and import it again.',
    );

  const tensors: ImportedManifest['tensors'] = [];
  const parts: Buffer[] = [];
  for (const [name, shape] of network.weights) {
    const values = turn(await readCsv(join(source, `${name}.csv`), product(shape)), shape);
    tensors.push({ name, shape: [...shape] });
    parts.push(floatBytes(values));
  }
  const binary = Buffer.concat(parts);
  const manifest: ImportedManifest = {
    format: 1,
    network: network.name,
    source,
    licence: catalogue['facenet-nn4'].weights.licence,
    importedAt: new Date().toISOString(),
    sha256: createHash('sha256').update(binary).digest('hex'),
    tensors,
  };
  await writeModel(destination, manifest, binary);
  return manifest;
}

async function findFolder(folder: string): Promise<string> {
  for (const candidate of [folder, join(folder, 'weights')])
    if ((await absent(['conv1_w.csv'], candidate)).length === 0) return candidate;
  if ((await absent(['.'], folder)).length === 0) return folder;
  throw new GatehouseError(
    'MODEL_MISSING',
    `There is no folder ${folder}.`,
    'Name the folder that holds conv1_w.csv.',
  );
}

/** Those of the files that are not in the folder. */
async function absent(files: readonly string[], folder: string): Promise<string[]> {
  const there = await Promise.all(
    files.map((file) =>
      access(join(folder, file)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return files.filter((_, i) => !there[i]);
}

async function readCsv(path: string, count: number): Promise<number[]> {
  const fields = (await readFile(path, 'utf8')).split(/[\s,]+/).filter((field) => field !== '');
  const values = fields.map(Number);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0 || values.length !== count)
    throw new GatehouseError(
      'MODEL_INVALID',
      wrong >= 0
        ? `${path} holds "${fields[wrong].slice(0, 40)}", which is no number.`
        : `${path} holds ${values.length} values, not ${count}.`,
      'Get this file again and import the folder again.',
    );
  return values;
}

/** From out x in x height x width to the house's height x width x in x out; from out x in to in x out. */
function turn(values: readonly number[], shape: readonly number[]): readonly number[] {
  if (shape.length < 2) return values;
  const [channelsIn, channelsOut] = shape.slice(-2) as [number, number];
  const area = values.length / (channelsIn * channelsOut);
  const turned = new Array<number>(values.length);
  for (let out = 0, i = 0; out < channelsOut; out += 1)
    for (let channel = 0; channel < channelsIn; channel += 1)
      for (let place = 0; place < area; place += 1, i += 1)
        turned[(place * channelsIn + channel) * channelsOut + out] = values[i]!;
  return turned;
}

function product(shape: readonly number[]): number {
  return shape.reduce((all, length) => all * length, 1);
}

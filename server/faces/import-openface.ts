import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { catalogue } from '../../models/catalogue.js';
import { facenetNn4 } from '../../models/facenet-nn4.js';
import { IMPORTED_BINARY, IMPORTED_MANIFEST, type ImportedManifest } from '../../models/weights.js';
import { GatehouseError, isDiskFull } from '../base/errors.js';

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
    const bytes = Buffer.alloc(values.length * 4);
    values.forEach((value, i) => bytes.writeFloatLE(value, i * 4));
    tensors.push({ name, shape: [...shape] });
    parts.push(bytes);
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
  try {
    await mkdir(destination, { recursive: true });
    // The manifest last: it holds the binary's sha256, so a crash in between is noticed.
    await replaceFile(join(destination, IMPORTED_BINARY), binary);
    await replaceFile(
      join(destination, IMPORTED_MANIFEST),
      Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`),
    );
  } catch (cause) {
    throw isDiskFull(cause)
      ? new GatehouseError(
          'DISK_FULL',
          `The disk of ${destination} is full.`,
          'Make room and import again.',
          { cause },
        )
      : new GatehouseError(
          'DATA_NOT_WRITABLE',
          `${destination} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
          'Choose another data folder with --data, or make it writable.',
          { cause },
        );
  }
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

/** Written beside, flushed, then renamed: a crash leaves the old file or the new one. */
async function replaceFile(path: string, bytes: Buffer): Promise<void> {
  const beside = `${path}.${randomUUID()}.new`;
  try {
    const file = await open(beside, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

function product(shape: readonly number[]): number {
  return shape.reduce((all, length) => all * length, 1);
}

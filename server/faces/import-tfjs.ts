import { createHash } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isBuiltIn } from '../../models/catalogue.js';
import { convertTfjs } from '../../models/convert/convert-tfjs.js';
import { readTfjs } from '../../models/convert/read-tfjs.js';
import { modelManifest, type ModelManifest } from '../../models/dropped-in-manifest.js';
import { describedSha256, readDroppedIn } from '../../models/dropped-in.js';
import type { ImportedManifest } from '../../models/weights.js';
import { GatehouseError } from '../base/errors.js';
import { explainIssues } from '../base/explain-issues.js';
import { floatBytes, writeModel } from './write-model.js';

/** Name of the manifest beside a model.json. */
export const MODEL_MANIFEST = 'gatehouse.json';

/**
 * Imports a TensorFlow.js model that makes embeddings: converts it to the house's description and keeps that and its
 * weights. One of the same name that was imported before is replaced.
 *
 * Rejects with MODEL_MANIFEST_INVALID, MODEL_NAME_TAKEN (a network that comes along has that name), MODEL_MISSING,
 * MODEL_INCOMPLETE, MODEL_INVALID (no such output, or embeddings of another length), MODEL_UNSUPPORTED (an operation that
 * there is no word for), DISK_FULL or DATA_NOT_WRITABLE. Then nothing of what was there before is changed.
 *
 * @param path model.json or its folder
 * @param manifestFile null: gatehouse.json beside the model
 * @param modelsFolder `<data>/models`
 */
export async function importTfjs(
  path: string,
  manifestFile: string | null,
  modelsFolder: string,
): Promise<ImportedManifest> {
  const manifest = await readManifest(manifestFile ?? join(await folderOf(path), MODEL_MANIFEST));
  const { name, input, embedding } = manifest;
  if (isBuiltIn(name))
    throw new GatehouseError(
      'MODEL_NAME_TAKEN',
      `"${name}" is the name of a network that comes along.`,
      'Give the model another name in its manifest.',
    );
  const model = await readTfjs(path);
  const converted = convertTfjs(name, model, input, manifest.output ?? null, embedding.normalise);
  if (converted.length !== embedding.length)
    throw new GatehouseError(
      'MODEL_INVALID',
      `${name} gives ${converted.length} numbers, not the ${embedding.length} of its manifest.`,
      'Correct embedding.length, or name the right output.',
    );
  const { weights: shapes, ...network } = converted.network;
  const binary = Buffer.concat(
    [...shapes.keys()].map((key) => floatBytes(converted.weights.get(key)!.values)),
  );
  const kept: ImportedManifest = {
    format: 1,
    network: name,
    source: resolve(path),
    licence: manifest.licence,
    importedAt: new Date().toISOString(),
    sha256: createHash('sha256').update(binary).digest('hex'),
    tensors: [...shapes].map(([key, shape]) => ({ name: key, shape: [...shape] })),
    dropped: { manifest, network, sha256: describedSha256(network) },
  };
  await writeModel(join(modelsFolder, name), kept, binary);
  return kept;
}

/** Removes an imported network; rejects with MODEL_UNKNOWN where there is none of that name. */
export async function removeModel(name: string, modelsFolder: string): Promise<void> {
  if (!(await readDroppedIn(name, modelsFolder)))
    throw new GatehouseError(
      'MODEL_UNKNOWN',
      `There is no imported network "${name}".`,
      '`gatehouse models` lists them; those that come along stay.',
    );
  await rm(join(modelsFolder, name), { recursive: true });
}

async function folderOf(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  return isFolder ? path : dirname(path);
}

async function readManifest(file: string): Promise<ModelManifest> {
  const invalid = (reason: string, cause?: unknown): GatehouseError =>
    new GatehouseError(
      'MODEL_MANIFEST_INVALID',
      `${file}: ${reason}`,
      'docs/models.md shows one and lists every key; name another file with --manifest.',
      { cause },
    );
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw invalid(`cannot be read: ${(cause as Error).message}`, cause);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(`is not valid JSON: ${(cause as Error).message}`, cause);
  }
  const parsed = modelManifest.safeParse(value);
  if (!parsed.success) throw invalid(explainIssues(modelManifest, parsed.error.issues));
  return parsed.data;
}

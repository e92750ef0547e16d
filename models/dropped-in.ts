import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GatehouseError } from '../server/base/errors.js';
import type { CatalogueEntry } from './catalogue-entry.js';
import { modelName } from './dropped-in-manifest.js';
import { readImportedManifest, type ImportedManifest } from './weights.js';

const HOW = 'Import it again: gatehouse models import tfjs PATH.';

/** The networks that were made elsewhere and imported, by name. One whose files are spoilt says so when it is described. */
export async function listDroppedIn(modelsFolder: string): Promise<CatalogueEntry[]> {
  const entries = await readdir(modelsFolder, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const found = await Promise.all(folders.sort().map((name) => readDroppedIn(name, modelsFolder)));
  return found.filter((entry) => entry !== null);
}

/** One of them; null where no network made elsewhere has that name. */
export async function readDroppedIn(name: string, modelsFolder: string): Promise<CatalogueEntry | null> {
  // The name becomes a folder's.
  if (!modelName.test(name)) return null;
  let manifest: ImportedManifest;
  try {
    manifest = await readImportedManifest(name, HOW, join(modelsFolder, name));
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.code === 'MODEL_MISSING') return null;
    return spoilt(name, error);
  }
  return manifest.dropped ? entryOf(name, manifest, manifest.dropped) : null;
}

/** SHA-256 of a description, as hexadecimal. */
export function describedSha256(network: object): string {
  return createHash('sha256').update(JSON.stringify(network)).digest('hex');
}

function entryOf(
  name: string,
  { tensors, sha256, licence }: ImportedManifest,
  { manifest, network, sha256: described }: NonNullable<ImportedManifest['dropped']>,
): CatalogueEntry {
  if (describedSha256(network) !== described)
    return spoilt(
      name,
      new GatehouseError('MODEL_CHANGED', `The description of ${name} is not what was imported.`, HOW),
    );
  const { size } = manifest.input;
  const { length, threshold } = manifest.embedding;
  return {
    name,
    // Embeddings of other weights under the same name must not be compared with those that are stored.
    identity: `${name}@${sha256.slice(0, 4)}${described.slice(0, 4)}`,
    purpose: 'embeds faces; imported',
    input: `${size}x${size}`,
    embedding: { length, defaultThreshold: threshold, alignment: manifest.alignment, size },
    weights: { kind: 'imported', folder: name, licence, how: HOW },
    describe: () => ({ ...network, weights: new Map(tensors.map((tensor) => [tensor.name, tensor.shape])) }),
  };
}

function spoilt(name: string, error: GatehouseError): CatalogueEntry {
  return {
    name,
    identity: name,
    purpose: 'imported',
    input: '',
    embedding: null,
    weights: { kind: 'imported', folder: name, licence: '', how: HOW },
    describe() {
      throw error;
    },
  };
}

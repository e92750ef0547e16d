import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GatehouseError } from '../server/base/errors.js';
import type { Network } from './network.js';
import type { DroppedIn } from './dropped-in-manifest.js';
import type { Tensor } from './tensor.js';
import { decodeWeights, type TfjsTensor } from './tfjs-weights.js';

export type { Tensor };

/** A network's weights by name, laid out as models/network.ts says. */
export type Weights = ReadonlyMap<string, Tensor>;

/** Where a network's weights come from. */
export type WeightsSource =
  | {
      readonly kind: 'package';
      /** The npm package, and the names of the two files in it. */
      readonly package: string;
      readonly manifest: string;
      readonly binary: string;
      readonly sha256: { readonly manifest: string; readonly binary: string };
      readonly licence: string;
    }
  | {
      readonly kind: 'imported';
      /** Folder below `<data>/models/`. */
      readonly folder: string;
      readonly licence: string;
      /** The command that imports them. */
      readonly how: string;
    };

/** What an import leaves beside its binary. */
export interface ImportedManifest {
  format: 1;
  network: string;
  source: string;
  licence: string;
  importedAt: string;
  sha256: string;
  /** In the order of the binary, which holds little-endian 32-bit floats. */
  tensors: { name: string; shape: number[] }[];
  /** Of a network that was made elsewhere (models/dropped-in.ts). */
  dropped?: DroppedIn;
}

export const IMPORTED_MANIFEST = 'manifest.json';
export const IMPORTED_BINARY = 'weights.bin';

/**
 * Reads the weights of `network` and checks that they are the ones that were tried: rejects with MODEL_MISSING,
 * MODEL_CHANGED (another sha256), MODEL_INCOMPLETE or MODEL_INVALID (another shape).
 *
 * @param modelsFolder `<data>/models`, where imported weights lie
 */
export async function readWeights(
  network: Network,
  source: WeightsSource,
  modelsFolder: string,
): Promise<Weights> {
  const weights =
    source.kind === 'package'
      ? await readPackaged(network.name, source)
      : await readImported(network.name, source, join(modelsFolder, source.folder));
  return checkWeights(network, weights);
}

/** Whether `weights` holds everything the network names, in the shapes it needs. */
export function checkWeights(network: Network, weights: Weights): Weights {
  const missing = [...network.weights.keys()].filter((name) => !weights.has(name));
  if (missing.length > 0)
    throw new GatehouseError(
      'MODEL_INCOMPLETE',
      `The weights of ${network.name} lack ${missing.join(', ')}.`,
      'Get all of its files and import them again.',
    );
  for (const [name, shape] of network.weights) {
    const tensor = weights.get(name)!;
    if (tensor.shape.join() !== shape.join() || tensor.values.length !== product(shape))
      throw new GatehouseError(
        'MODEL_INVALID',
        `The weight ${name} of ${network.name} has the shape ${tensor.shape.join('x')}, not ${shape.join('x')}.`,
        'Import the weights of this very network.',
      );
  }
  return weights;
}

/** The folder of an installed npm package; null where it is not installed. */
export function packageFolder(name: string): string | null {
  const require = createRequire(import.meta.url);
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return dirname(require.resolve(join(folder, name, 'package.json')));
    } catch {
      // Not in this node_modules; a folder further up may have it.
    }
  }
  return null;
}

async function readPackaged(network: string, source: WeightsSource & { kind: 'package' }): Promise<Weights> {
  const folder = packageFolder(source.package);
  const remedy = `Install the dependencies again: npm ci puts ${source.package} back.`;
  if (folder === null)
    throw new GatehouseError(
      'MODEL_MISSING',
      `The weights of ${network} come with ${source.package}, which is not installed.`,
      remedy,
    );
  const [manifest, binary] = await Promise.all([
    read(network, join(folder, source.manifest), source.sha256.manifest, remedy),
    read(network, join(folder, source.binary), source.sha256.binary, remedy),
  ]);
  type Groups = { weights: TfjsTensor[] }[];
  const parsed = JSON.parse(manifest.toString('utf8')) as Groups | { weightsManifest: Groups };
  const groups = Array.isArray(parsed) ? parsed : parsed.weightsManifest;
  return decodeWeights(
    groups.flatMap((group) => group.weights),
    binary,
  );
}

async function readImported(
  network: string,
  source: WeightsSource & { kind: 'imported' },
  folder: string,
): Promise<Weights> {
  const manifest = await readImportedManifest(network, source.how, folder);
  const binary = await read(network, join(folder, IMPORTED_BINARY), manifest.sha256, source.how);
  const weights = new Map<string, Tensor>();
  if (binary.length !== 4 * manifest.tensors.reduce((sum, { shape }) => sum + product(shape), 0))
    throw new GatehouseError(
      'MODEL_CHANGED',
      `${folder} holds another number of weights than it says.`,
      source.how,
    );
  let offset = 0;
  for (const { name, shape } of manifest.tensors) {
    const values = new Float32Array(product(shape));
    for (let i = 0; i < values.length; i += 1, offset += 4) values[i] = binary.readFloatLE(offset);
    weights.set(name, { shape, values });
  }
  return weights;
}

/** The manifest of an imported network; rejects with MODEL_MISSING where nothing was imported. */
export async function readImportedManifest(
  network: string,
  how: string,
  folder: string,
): Promise<ImportedManifest> {
  const bytes = await read(network, join(folder, IMPORTED_MANIFEST), null, how);
  try {
    return JSON.parse(bytes.toString('utf8')) as ImportedManifest;
  } catch (cause) {
    throw new GatehouseError(
      'MODEL_CHANGED',
      `${join(folder, IMPORTED_MANIFEST)} is not what was imported.`,
      how,
      {
        cause,
      },
    );
  }
}

async function read(network: string, path: string, sha256: string | null, remedy: string): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new GatehouseError(
      'MODEL_MISSING',
      `The weights of ${network} are missing: ${path} cannot be read.`,
      remedy,
      { cause },
    );
  }
  if (sha256 !== null && createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new GatehouseError(
      'MODEL_CHANGED',
      `The weights of ${network} are not the ones that were tried: ${path} has another sha256.`,
      remedy,
    );
  return bytes;
}

function product(shape: readonly number[]): number {
  return shape.reduce((all, length) => all * length, 1);
}

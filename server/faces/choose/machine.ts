import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { availableParallelism, cpus } from 'node:os';
import { catalogue, type EmbeddingNetwork } from '../../../models/catalogue.js';
import type { Nn4Pool } from '../../../models/facenet-nn4.js';
import { readRanges } from '../../../models/ranges.js';
import { packageFolder, readImportedManifest } from '../../../models/weights.js';
import { version } from '../../base/version.js';

/** Everything that a measurement of the engines depends on: where any of it changes, it is made anew. */
export interface Circumstances {
  processor: string;
  processors: number;
  platform: string;
  node: string;
  gatehouse: string;
  libraries: Record<string, string | null>;
  network: string;
  /** Of its weights, and of the ranges it runs in 8 bits by. */
  sha256: string;
}

const LIBRARIES = ['onnxruntime-node', '@tensorflow/tfjs-node', '@tensorflow/tfjs-backend-wasm'];

/** Rejects with MODEL_MISSING where the network has to be imported first. */
export async function circumstances(
  network: EmbeddingNetwork,
  pool: Nn4Pool,
  modelsFolder: string,
): Promise<Circumstances> {
  const source = catalogue[network].weights;
  const weights =
    source.kind === 'package'
      ? source.sha256.binary
      : (await readImportedManifest(network, source.how, join(modelsFolder, source.folder))).sha256;
  const ranges = await readRanges(network, source, modelsFolder);
  return {
    processor: cpus().at(0)?.model ?? 'unknown',
    processors: availableParallelism(),
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
    gatehouse: version,
    libraries: Object.fromEntries(LIBRARIES.map((name) => [name, versionOf(name)])),
    network: network === 'facenet-nn4' ? `${network}, ${pool} pools` : network,
    sha256: createHash('sha256').update(weights).update(JSON.stringify(ranges)).digest('hex'),
  };
}

/** null: not installed. */
function versionOf(library: string): string | null {
  const folder = packageFolder(library);
  if (folder === null) return null;
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}

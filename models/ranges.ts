import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dlibResnetRanges } from './ranges/dlib-resnet.js';
import { readImportedManifest, type WeightsSource } from './weights.js';

/**
 * The smallest and largest value that each result of a network takes on faces, by the result's id (the id of the layer
 * whose value it is once norms and activations are folded). Engines that compute in 8 bits need them.
 */
export type Ranges = Readonly<Record<string, readonly [least: number, most: number]>>;

/** Ranges as they are kept: they hold for one set of weights only. */
export interface KeptRanges {
  readonly network: string;
  /** Of the weights' binary. */
  readonly sha256: string;
  /** What they were measured on, in words. */
  readonly measuredOn: string;
  readonly ranges: Ranges;
}

const packaged: readonly KeptRanges[] = [dlibResnetRanges];

export const RANGES_FILE = 'ranges.json';

/**
 * The ranges of a network's results, kept in `models/ranges/` for the packaged networks and beside the weights of imported
 * ones. null where there are none, or none for these weights.
 *
 * @param modelsFolder `<data>/models`
 */
export async function readRanges(
  network: string,
  source: WeightsSource,
  modelsFolder: string,
): Promise<Ranges | null> {
  if (source.kind === 'package') {
    const kept = packaged.find((one) => one.network === network);
    return kept?.sha256 === source.sha256.binary ? kept.ranges : null;
  }
  const folder = join(modelsFolder, source.folder);
  try {
    const { sha256 } = await readImportedManifest(network, source.how, folder);
    const kept = JSON.parse(await readFile(join(folder, RANGES_FILE), 'utf8')) as Partial<KeptRanges> | null;
    return kept?.sha256 === sha256 && isRanges(kept.ranges) ? kept.ranges : null;
  } catch {
    // Without ranges the network runs in floats: slower, and as right.
    return null;
  }
}

function isRanges(value: unknown): value is Ranges {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every(
    (range) => Array.isArray(range) && range.length === 2 && range.every(Number.isFinite),
  );
}

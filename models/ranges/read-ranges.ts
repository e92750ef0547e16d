import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dlibResnetRanges } from './dlib-resnet.js';
import { ssdMobilenetRanges } from './ssd-mobilenet.js';
import type { KeptRanges, Ranges } from './ranges.js';
import { readImportedManifest, type WeightsSource } from '../weights.js';

const packaged: readonly KeptRanges[] = [dlibResnetRanges, ssdMobilenetRanges];

/** Where an imported network's ranges lie: two networks may share their weights. */
export function rangesFile(network: string): string {
  return `ranges-${network}.json`;
}

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
    const kept = JSON.parse(
      await readFile(join(folder, rangesFile(network)), 'utf8'),
    ) as Partial<KeptRanges> | null;
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

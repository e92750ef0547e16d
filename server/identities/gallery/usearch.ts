import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GatehouseError } from '../../base/errors.js';
import type { NearRows, OpenNearRows } from './near-rows.js';

/** Neighbours a node keeps at most, and nodes looked at while adding and while searching; docs/decisions/gallery.md. */
const CONNECTIVITY = 16;
const LOOKED_AT_ADDING = 128;
const LOOKED_AT_SEARCHING = 128;

/** What is used of usearch; said here, for where it is not installed its types are not there either. */
interface Usearch {
  Index: new (options: {
    dimensions: number;
    metric: 'l2sq';
    quantization: 'f16';
    connectivity: number;
    expansion_add: number;
    expansion_search: number;
    multi: boolean;
  }) => UsearchIndex;
}

interface UsearchIndex {
  add(keys: BigUint64Array, vectors: Float32Array, threads: number): void;
  remove(keys: BigUint64Array): unknown;
  search(vectors: Float32Array, count: number, threads: number): Found | { get(probe: number): Found };
}

interface Found {
  keys: BigUint64Array;
}

/**
 * The HNSW graph of usearch, with embeddings as 16-bit floats, on one thread: the others belong to recognition.
 * Rejects with GALLERY_UNAVAILABLE where its binary is not there: it is an optional dependency.
 */
export const openUsearch: OpenNearRows = (length) => Promise.resolve().then(() => open(length));

function open(length: number): NearRows {
  const { usearch, version } = loadUsearch();
  const index = new usearch.Index({
    dimensions: length,
    metric: 'l2sq',
    quantization: 'f16',
    connectivity: CONNECTIVITY,
    expansion_add: LOOKED_AT_ADDING,
    expansion_search: LOOKED_AT_SEARCHING,
    multi: false,
  });
  return {
    description: `usearch ${version}`,
    add: (keys, embeddings) => index.add(BigUint64Array.from(keys, BigInt), embeddings, 1),
    remove: (keys) => void index.remove(BigUint64Array.from(keys, BigInt)),
    search(probes, count) {
      const found = index.search(probes, count, 1);
      const lists = 'get' in found ? found : { get: () => found };
      return Array.from({ length: probes.length / length }, (_, probe) =>
        Array.from(lists.get(probe).keys, Number),
      );
    },
  };
}

/** usearch itself; throws GALLERY_UNAVAILABLE. */
export function loadUsearch(): { usearch: Usearch; version: string } {
  try {
    const require = createRequire(import.meta.url);
    const manifest = join(dirname(require.resolve('usearch')), '..', '..', '..', 'package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    return { usearch: require('usearch') as Usearch, version };
  } catch (cause) {
    const why = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0];
    throw new GatehouseError(
      'GALLERY_UNAVAILABLE',
      `the approximate search of the gallery, usearch, does not load here: ${why}`,
      'Exact search goes on. For the other, install the optional dependencies on Linux or macOS.',
      { cause },
    );
  }
}

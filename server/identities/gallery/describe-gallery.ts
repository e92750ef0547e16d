import { asGatehouseError } from '../../base/errors.js';
import { APPROXIMATE_FROM } from './grow-index.js';
import { loadNearKernels } from './near-kernels.js';
import { THREAD_FROM } from './switch-index.js';

/** One way of searching the gallery, for `doctor`. */
export type GallerySearch = {
  search: string;
  /** From so many photos on, in words. */
  photos: string;
  why: string;
};

/** How galleries of each size are searched on this machine. */
export async function describeGallery(): Promise<GallerySearch[]> {
  const from = (count: number) => `from ${count.toLocaleString('en')}`;
  return [
    { search: 'one by one', photos: `up to ${THREAD_FROM.toLocaleString('en')}`, why: 'exact' },
    { search: 'matrix products', photos: from(THREAD_FROM), why: 'exact, in a thread of its own' },
    { search: 'inverted file', photos: from(APPROXIMATE_FROM), why: await approximate() },
  ];
}

async function approximate(): Promise<string> {
  try {
    await loadNearKernels();
    return 'approximate, in WebAssembly';
  } catch (thrown) {
    return asGatehouseError(thrown).advice;
  }
}

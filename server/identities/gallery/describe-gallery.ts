import { asGatehouseError } from '../../base/errors.js';
import { GRAPH_FROM } from './grow-index.js';
import { THREAD_FROM } from './switch-index.js';
import { loadUsearch } from './usearch.js';

/** One way of searching the gallery, for `doctor`. */
export type GallerySearch = {
  search: string;
  /** From so many photos on, in words. */
  photos: string;
  why: string;
};

/** How galleries of each size are searched on this machine. */
export function describeGallery(): GallerySearch[] {
  const from = (count: number) => `from ${count.toLocaleString('en')}`;
  return [
    { search: 'one by one', photos: `up to ${THREAD_FROM.toLocaleString('en')}`, why: 'exact' },
    { search: 'matrix products', photos: from(THREAD_FROM), why: 'exact, in a thread of its own' },
    { search: 'graph', photos: from(GRAPH_FROM), why: graph() },
  ];
}

function graph(): string {
  try {
    return `approximate, usearch ${loadUsearch().version}`;
  } catch (thrown) {
    return asGatehouseError(thrown).advice;
  }
}

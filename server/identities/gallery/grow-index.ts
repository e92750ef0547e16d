import { asGatehouseError } from '../../base/errors.js';
import type { GalleryIndex } from '../gallery-index.js';
import { ApproximateIndex, type ApproximateOptions } from './approximate-index.js';
import type { OpenBlockMinima } from './block-minima.js';
import { MatrixIndex } from './matrix-index.js';
import type { NearRows, OpenNearRows } from './near-rows.js';
import type { GalleryMode } from './thread-messages.js';

/** The graph is built from so many samples on, and given up again below so many; docs/decisions/gallery.md. */
export const GRAPH_FROM = 250_000;
export const GRAPH_UNTIL = 200_000;

export interface GrowOptions extends ApproximateOptions {
  length: number;
  mode: GalleryMode;
  openProduct: OpenBlockMinima;
  openNear: OpenNearRows;
  from?: number;
  until?: number;
}

export interface GrownIndex extends GalleryIndex {
  /** Why it cannot search as it was asked to, in the operator's words; null while all is well. */
  readonly problem: string | null;
}

/**
 * Exact search by matrix products, and from some size on an approximate one beside it. The exact one goes on while
 * the graph is built, and for ever where that does not load.
 */
export async function growIndex(options: GrowOptions): Promise<GrownIndex> {
  const { length, mode, openProduct, openNear, from = GRAPH_FROM, until = GRAPH_UNTIL } = options;
  const exact = await MatrixIndex.open(length, openProduct);
  let graph: ApproximateIndex | null = null;
  let problem: string | null = null;

  const openGraph = async (): Promise<NearRows | null> => {
    if (problem !== null) return null;
    try {
      return await openNear(length);
    } catch (thrown) {
      const { code, advice } = asGatehouseError(thrown);
      problem = `${code}: ${advice}`;
      return null;
    }
  };
  const consider = async (): Promise<void> => {
    if (graph && mode === 'auto' && exact.samples < until) {
      await graph.close();
      graph = null;
    }
    if (graph || mode === 'exact' || (mode === 'auto' && exact.samples < from)) return;
    const near = await openGraph();
    if (near) graph = new ApproximateIndex(exact, near, options);
  };
  await consider();
  // One after another, so that no update comes between what the graph takes over and its first own.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    get description() {
      return (graph ?? exact).description;
    },
    get problem() {
      return problem;
    },
    get samples() {
      return exact.samples;
    },
    update(update) {
      const mine = turn.then(async () => {
        await (graph ?? exact).update(update);
        await consider();
      });
      turn = mine.catch(() => undefined);
      return mine;
    },
    search: (probes, k) => (graph ?? exact).search(probes, k),
    async close() {
      await turn;
      await graph?.close();
      await exact.close();
    },
  };
}

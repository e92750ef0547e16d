import { asGatehouseError } from '../../base/errors.js';
import type { GalleryIndex } from '../gallery-index.js';
import { ApproximateIndex, type ApproximateOptions } from './approximate-index.js';
import type { OpenBlockMinima } from './block-minima.js';
import { MatrixIndex } from './matrix-index.js';
import type { LearnNearRows, OpenNearRows } from './near-rows.js';
import type { GalleryMode } from './thread-messages.js';

/** Approximate from so many samples on, and exact again below so many; docs/decisions/gallery.md. */
export const APPROXIMATE_FROM = 250_000;
export const APPROXIMATE_UNTIL = 200_000;

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
 * that is built, and for ever where it cannot run.
 */
export async function growIndex(options: GrowOptions): Promise<GrownIndex> {
  const { length, mode, openProduct, openNear, from = APPROXIMATE_FROM, until = APPROXIMATE_UNTIL } = options;
  const exact = await MatrixIndex.open(length, openProduct);
  let approximate: ApproximateIndex | null = null;
  let problem: string | null = null;

  const openLearner = async (): Promise<LearnNearRows | null> => {
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
    if (approximate && mode === 'auto' && exact.samples < until) {
      await approximate.close();
      approximate = null;
    }
    if (approximate || mode === 'exact' || (mode === 'auto' && exact.samples < from)) return;
    const learn = await openLearner();
    if (learn) approximate = new ApproximateIndex(exact, learn, options);
  };
  await consider();
  // One after another, so that no update comes between what the approximate one takes over and its first own.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    get description() {
      return (approximate ?? exact).description;
    },
    get problem() {
      return problem;
    },
    get samples() {
      return exact.samples;
    },
    update(update) {
      const mine = turn.then(async () => {
        await (approximate ?? exact).update(update);
        await consider();
      });
      turn = mine.catch(() => undefined);
      return mine;
    },
    search: (probes, k) => (approximate ?? exact).search(probes, k),
    async close() {
      await turn;
      await approximate?.close();
      await exact.close();
    },
  };
}

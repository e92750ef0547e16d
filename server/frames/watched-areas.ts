import type { Polygon } from './polygon.js';

/** What of a camera's frame counts. Everything, where nothing is said. */
export interface WatchedAreas {
  /** Where motion is not counted: a tree, a street, a clock in the picture. */
  readonly masks: readonly Polygon[];
  /** Where there are any, only faces in one of them count; of two that overlap the first has the face. */
  readonly zones: readonly { readonly name: string; readonly area: Polygon }[];
  /** Where faces do not count: a poster, a screen. */
  readonly ignoreFaces: readonly Polygon[];
}

export const everything: WatchedAreas = { masks: [], zones: [], ignoreFaces: [] };

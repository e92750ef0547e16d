import type { Box } from './face.js';

/** Squares that cover a picture. */
export interface Tiles {
  /** Pixels of the picture, whole ones. */
  readonly regions: readonly Box[];
  /** What two neighbours have in common at least, pixels: a face up to this wide is whole in one of them. */
  readonly overlap: number;
}

/**
 * Covers a picture with squares of `side` pixels that share at least `overlap` with their neighbours, as few and as evenly as
 * that allows. A picture that is no larger is one tile.
 */
export function tiles(picture: { width: number; height: number }, side: number, overlap: number): Tiles {
  const regions = starts(picture.height, side, overlap).flatMap((y) =>
    starts(picture.width, side, overlap).map((x) => ({
      x,
      y,
      width: Math.min(side, picture.width),
      height: Math.min(side, picture.height),
    })),
  );
  return { regions, overlap };
}

/**
 * Whether a tile is the one to say that there is a face: not where its box reaches over an edge behind which the picture
 * goes on, since a neighbour sees more of it.
 */
export function isWholeIn(box: Box, tile: Box, picture: { width: number; height: number }): boolean {
  return (
    (tile.x === 0 || box.x >= tile.x) &&
    (tile.y === 0 || box.y >= tile.y) &&
    (tile.x + tile.width === picture.width || box.x + box.width <= tile.x + tile.width) &&
    (tile.y + tile.height === picture.height || box.y + box.height <= tile.y + tile.height)
  );
}

function starts(length: number, side: number, overlap: number): number[] {
  if (length <= side) return [0];
  const count = Math.ceil((length - overlap) / (side - overlap));
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - side)) / (count - 1)));
}

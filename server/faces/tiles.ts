import type { Box } from './face.js';

/**
 * Covers a picture with tiles that share at least `overlap` pixels with their neighbours, so that a face up to this wide is
 * whole in one of them: as few as there can be of `most` pixels a side, and no larger than it takes.
 *
 * @returns whole pixels of the picture
 */
export function tiles(picture: { width: number; height: number }, most: number, overlap: number): Box[] {
  const across = spans(picture.width, most, overlap);
  const down = spans(picture.height, most, overlap);
  return down.flatMap(([y, height]) => across.map(([x, width]) => ({ x, y, width, height })));
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

/** Where the tiles of one side start, and how long they are. */
function spans(length: number, most: number, overlap: number): [start: number, length: number][] {
  const count = Math.max(1, Math.ceil((length - overlap) / (most - overlap)));
  const each = Math.ceil((length + (count - 1) * overlap) / count);
  return Array.from({ length: count }, (_, i) => [
    count === 1 ? 0 : Math.floor((i * (length - each)) / (count - 1)),
    each,
  ]);
}

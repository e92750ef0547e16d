import type { GriddedPicture, LumaGrid } from './frame.js';
import { BRIGHTEST, COLUMNS, GREY_LEVEL, lumaGrid, ROWS } from './luma-grid.js';
import { contains, type Polygon } from './polygon.js';

/** In pixels of the frame. */
export interface MovedArea extends Area {
  /** How many cells of the grid moved in it. */
  readonly cells: number;
}

interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * What moved between a camera's frames: compares each with the last one on a tiny grey grid. Pure bookkeeping of one
 * camera.
 *
 * Cells are compared after the change of the whole picture's brightness is taken away, so that a cloud or the camera's own
 * exposure is not taken for a person. Cells under a mask count for neither.
 */
export class Motion {
  #before: LumaGrid | null = null;
  /** Cells that count, by index: the masks are drawn onto the grid once. */
  readonly #open: Uint16Array;
  /** How much each of them became brighter, in sums of luma as the grid has them. */
  readonly #changes: Int16Array;

  /** @param masks where motion is not counted */
  constructor(masks: readonly Polygon[] = []) {
    this.#open = openCells(masks);
    this.#changes = new Int16Array(this.#open.length);
  }

  /** Of the picture that was looked at last; null before the first. */
  get grid(): LumaGrid | null {
    return this.#before;
  }

  /** The areas in which something moved since the frame before; null for the first frame, of which nothing is known. */
  since(frame: GriddedPicture): MovedArea[] | null {
    const grid = frame.grid ?? lumaGrid(frame);
    const before = this.#before;
    this.#before = grid;
    if (!before) return null;
    const [open, changes] = [this.#open, this.#changes];
    if (open.length === 0) return [];
    // Loops, not `from` and `forEach`: this is done for each frame on the main thread, for all frames of a batch in one turn.
    for (let i = 0; i < open.length; i += 1) changes[i] = grid[open[i]] - before[open[i]];
    const drift = median(changes);
    let moved: Uint8Array | null = null;
    for (let i = 0; i < open.length; i += 1)
      if (Math.abs(changes[i] - drift) > LEAST_CHANGE) (moved ??= new Uint8Array(grid.length))[open[i]] = 1;
    return moved === null
      ? []
      : areas(moved).map((area) => ({ ...inPixels(area, frame), cells: area.cells }));
  }
}

/** Six grey levels, of 255. */
const LEAST_CHANGE = 6 * GREY_LEVEL;

/** A cell whose middle lies under a mask does not count. */
function openCells(masks: readonly Polygon[]): Uint16Array {
  const cells = Uint16Array.from({ length: COLUMNS * ROWS }, (_, cell) => cell);
  return cells.filter((cell) => {
    const x = ((cell % COLUMNS) + 0.5) / COLUMNS;
    const y = (Math.floor(cell / COLUMNS) + 0.5) / ROWS;
    return !masks.some((mask) => contains(mask, x, y));
  });
}

/** How often each change occurs, from -BRIGHTEST on; all 0 between two calls. */
const counts = new Uint16Array(2 * BRIGHTEST + 1);

/** The middle one in order, the upper of two; counted, for changes are few whole numbers. */
function median(changes: Int16Array): number {
  let [least, most] = [BRIGHTEST, -BRIGHTEST];
  for (let i = 0; i < changes.length; i += 1) {
    const change = changes[i];
    counts[change + BRIGHTEST] += 1;
    if (change < least) least = change;
    if (change > most) most = change;
  }
  let found = least;
  for (
    let below = counts[least + BRIGHTEST];
    below <= changes.length >> 1;
    below += counts[found + BRIGHTEST]
  )
    found += 1;
  counts.fill(0, least + BRIGHTEST, most + BRIGHTEST + 1);
  return found;
}

/** Bounding boxes, in cells, of the groups of cells that moved; cells two apart belong together. */
function areas(moved: Uint8Array): MovedArea[] {
  const seen = new Uint8Array(moved.length);
  const found: MovedArea[] = [];
  for (let start = 0; start < moved.length; start += 1) {
    if (!moved[start] || seen[start]) continue;
    const group = [start];
    seen[start] = 1;
    let [left, top, right, bottom, cells] = [COLUMNS, ROWS, 0, 0, 0];
    for (let cell = group.pop(); cell !== undefined; cell = group.pop()) {
      const [x, y] = [cell % COLUMNS, Math.floor(cell / COLUMNS)];
      cells += 1;
      [left, top, right, bottom] = [
        Math.min(left, x),
        Math.min(top, y),
        Math.max(right, x),
        Math.max(bottom, y),
      ];
      for (let v = Math.max(0, y - REACH); v <= Math.min(ROWS - 1, y + REACH); v += 1)
        for (let u = Math.max(0, x - REACH); u <= Math.min(COLUMNS - 1, x + REACH); u += 1) {
          const next = v * COLUMNS + u;
          if (!moved[next] || seen[next]) continue;
          seen[next] = 1;
          group.push(next);
        }
    }
    found.push({ x: left, y: top, width: right - left + 1, height: bottom - top + 1, cells });
  }
  return found;
}

const REACH = 2;

function inPixels({ x, y, width, height }: Area, frame: { width: number; height: number }): Area {
  const across = frame.width / COLUMNS;
  const down = frame.height / ROWS;
  return { x: x * across, y: y * down, width: width * across, height: height * down };
}

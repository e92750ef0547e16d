import type { YuvPicture } from './frame.js';
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
 * camera; reads about ten thousand bytes of a frame.
 *
 * Cells are compared after the change of the whole picture's brightness is taken away, so that a cloud or the camera's own
 * exposure is not taken for a person. Cells under a mask count for neither.
 */
export class Motion {
  #before: Float32Array | null = null;
  /** Cells that count, by index: the masks are drawn onto the grid once. */
  readonly #open: Uint16Array;

  /** Where a row of pictures of this width is looked at. */
  #columns = sampledColumns(0);

  /** @param masks where motion is not counted */
  constructor(masks: readonly Polygon[] = []) {
    this.#open = openCells(masks);
  }

  /** The areas in which something moved since the frame before; null for the first frame, of which nothing is known. */
  since(frame: YuvPicture): MovedArea[] | null {
    if (this.#columns.width !== frame.width) this.#columns = sampledColumns(frame.width);
    const grid = shrink(frame, this.#columns.at);
    const before = this.#before;
    this.#before = grid;
    if (!before) return null;
    if (this.#open.length === 0) return [];
    // Loops, not `from` and `forEach`: this is done for each frame on the main thread, for all frames of a batch in one turn.
    const open = this.#open;
    const changes = new Float32Array(open.length);
    for (let i = 0; i < open.length; i += 1) changes[i] = grid[open[i]] - before[open[i]];
    const drift = median(changes.slice());
    const moved = new Uint8Array(grid.length);
    for (let i = 0; i < open.length; i += 1)
      if (Math.abs(changes[i] - drift) > LEAST_CHANGE) moved[open[i]] = 1;
    return areas(moved).map((area) => ({ ...inPixels(area, frame), cells: area.cells }));
  }
}

const COLUMNS = 64;
const ROWS = 36;
/** Samples a cell along each side, as `shrink` adds them: their mean is what makes the noise of a dark picture small. */
const SAMPLES = 3;
/** Grey levels, of 255. */
const LEAST_CHANGE = 6;
/** Of these in a level of luma, which has 219 from black to white. */
const GREY = 255 / 219;

/** A cell whose middle lies under a mask does not count. */
function openCells(masks: readonly Polygon[]): Uint16Array {
  const cells = Uint16Array.from({ length: COLUMNS * ROWS }, (_, cell) => cell);
  return cells.filter((cell) => {
    const x = ((cell % COLUMNS) + 0.5) / COLUMNS;
    const y = (Math.floor(cell / COLUMNS) + 0.5) / ROWS;
    return !masks.some((mask) => contains(mask, x, y));
  });
}

/** The columns of a picture that are looked at, from the left. */
function sampledColumns(width: number): { width: number; at: Uint16Array } {
  const across = COLUMNS * SAMPLES;
  return {
    width,
    at: Uint16Array.from({ length: across }, (_, u) => Math.floor(((u + 0.5) * width) / across)),
  };
}

function shrink({ width, height, planes }: YuvPicture, columns: Uint16Array): Float32Array {
  const grid = new Float32Array(COLUMNS * ROWS);
  const down = ROWS * SAMPLES;
  for (let v = 0; v < down; v += 1) {
    const y = Math.floor(((v + 0.5) * height) / down) * width;
    const row = Math.floor(v / SAMPLES) * COLUMNS;
    for (let cell = 0, u = 0; cell < COLUMNS; cell += 1, u += SAMPLES)
      grid[row + cell] += planes[y + columns[u]] + planes[y + columns[u + 1]] + planes[y + columns[u + 2]];
  }
  for (let i = 0; i < grid.length; i += 1) grid[i] *= GREY / (SAMPLES * SAMPLES);
  return grid;
}

/** By Hoare's selection (CACM 4, 1961, algorithm 65), in a tenth of the time that sorting takes; reorders the values. */
function median(values: Float32Array): number {
  const middle = values.length >> 1;
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[middle];
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i] < pivot) i += 1;
      while (pivot < values[j]) j -= 1;
      if (i > j) break;
      [values[i], values[j]] = [values[j], values[i]];
      i += 1;
      j -= 1;
    }
    if (j < middle) low = i;
    if (middle < i) high = j;
  }
  return values[middle];
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

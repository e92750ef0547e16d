import type { LumaGrid, YuvPicture } from './frame.js';

export const COLUMNS = 64;
export const ROWS = 36;
/** Samples a cell along each side: that they are added up is what makes the noise of a dark picture small. */
const SAMPLES = 3;
/** What one grey level of 255 is in a cell: levels of luma, which has 219 from black to white, added up. */
export const GREY_LEVEL = (SAMPLES * SAMPLES * 219) / 255;
/** The most that a cell can hold. */
export const BRIGHTEST = SAMPLES * SAMPLES * 255;

/** Looks at twenty thousand bytes of a picture. */
export function lumaGrid({ width, height, planes }: YuvPicture): LumaGrid {
  const columns = columnsOf(width);
  const grid = new Uint16Array(COLUMNS * ROWS);
  const down = ROWS * SAMPLES;
  for (let v = 0; v < down; v += 1) {
    const y = Math.floor(((v + 0.5) * height) / down) * width;
    const row = Math.floor(v / SAMPLES) * COLUMNS;
    for (let cell = 0, u = 0; cell < COLUMNS; cell += 1, u += SAMPLES)
      grid[row + cell] += planes[y + columns[u]] + planes[y + columns[u + 1]] + planes[y + columns[u + 2]];
  }
  return grid;
}

/** By the width of a picture: which of its columns are looked at, from the left. */
const sampled = new Map<number, Uint16Array>();

function columnsOf(width: number): Uint16Array {
  const known = sampled.get(width);
  if (known) return known;
  const across = COLUMNS * SAMPLES;
  const columns = Uint16Array.from({ length: across }, (_, u) => Math.floor(((u + 0.5) * width) / across));
  sampled.set(width, columns);
  return columns;
}

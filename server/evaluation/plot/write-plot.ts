import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import sharp from 'sharp';
import { GatehouseError } from '../../base/errors.js';

/** Pixels of PNG for one of the drawing: sharp on screens of today. */
const DENSITY = 2;

/** Refuses a file name whose ending is no plot's: USAGE. Called before the work, not after it. */
export function checkPlotPath(path: string): void {
  if (['.svg', '.png'].includes(extname(path).toLowerCase())) return;
  throw new GatehouseError(
    'USAGE',
    `--plot ${path}: a plot is written as .svg or .png`,
    'Give a file name that ends in one of them.',
  );
}

/** Writes a drawing as it is, or as PNG where the file name ends so. Rejects with PLOT_NOT_WRITTEN. */
export async function writePlot(path: string, svg: string): Promise<void> {
  try {
    const isPng = extname(path).toLowerCase() === '.png';
    const bytes = isPng
      ? await sharp(Buffer.from(svg), { density: 72 * DENSITY })
          .png()
          .toBuffer()
      : svg;
    await writeFile(path, bytes);
  } catch (cause) {
    throw new GatehouseError(
      'PLOT_NOT_WRITTEN',
      `the plot cannot be written to ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Choose a folder that exists and can be written.',
      { cause },
    );
  }
}

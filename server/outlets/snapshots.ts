import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Clock } from '../base/clock.js';
import { isDiskFull } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { Box } from '../events/event.js';
import type { YuvPicture } from '../frames/frame.js';
import { drawRgbPlainly, type DrawRgb } from '../frames/to-rgb.js';
import { cropAround } from './crop.js';

/** Longest side of a snapshot, pixels. */
const SIZE = 320;
const SWEEP_MS = 3_600_000;
/** Snapshots that are written at the same time at most: a disk that does not answer shall not fill the memory. */
const MOST_AT_ONCE = 64;

export interface Snapshots {
  /**
   * Keeps the part of a picture around a face as the visit's, replacing an earlier one. Copies what it needs before
   * it returns; resolves to false where it could not be written.
   */
  take(visit: string, picture: YuvPicture, box: Box): Promise<boolean>;
  /** JPEG of a visit, null where none is kept. */
  read(visit: string): Promise<Uint8Array | null>;
  /** What is wrong with the folder, in the operator's words; null while all is well. */
  readonly problem: string | null;
  close(): void;
}

/**
 * Snapshots of visits as `FOLDER/VISIT.jpg`, kept for `keepMs`. A snapshot is a convenience: where it cannot be
 * written the visit goes on without.
 *
 * @param clockIsBelieved false: the wall clock may be wrong, and nothing is removed by it
 * @param draw makes a picture to RGB
 */
export async function openSnapshots(
  folder: string,
  keepMs: number,
  clock: Clock,
  log: Log,
  clockIsBelieved: () => boolean = () => true,
  draw: DrawRgb = drawRgbPlainly,
): Promise<Snapshots> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let problem: string | null = null;
  let underWay = 0;
  const path = (visit: string) => join(folder, `${visit}.jpg`);

  const sweep = async (): Promise<void> => {
    if (!clockIsBelieved()) return;
    const oldest = clock.wall() - keepMs;
    for (const name of await readdir(folder)) {
      const info = await stat(join(folder, name)).catch(() => null);
      // Temporary files of a process that was killed go too, once they are surely nobody's.
      const expired =
        info !== null && info.mtimeMs < (name.endsWith('.jpg') ? oldest : clock.wall() - SWEEP_MS);
      if (expired) await unlink(join(folder, name)).catch(() => undefined);
    }
  };
  const sweeping = (): void => {
    sweep().catch((error: unknown) => log.warn({ err: error }, 'old snapshots could not be removed'));
  };
  sweeping();
  const timer = setInterval(sweeping, SWEEP_MS);
  timer.unref();

  return {
    get problem() {
      return problem;
    },
    async take(visit, picture, box) {
      if (underWay >= MOST_AT_ONCE) {
        if (problem === null)
          log.error({ visit }, 'a snapshot could not be kept, for the disk does not answer');
        problem = 'snapshots are not kept: the disk does not answer';
        return false;
      }
      underWay += 1;
      try {
        const part = cropAround(picture, box);
        const { width, height } = part;
        const rgb = Buffer.allocUnsafeSlow(width * height * 3);
        draw(part, rgb);
        const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
          .resize({ width: SIZE, height: SIZE, fit: 'inside', withoutEnlargement: true })
          .jpeg({ quality: 80 })
          .toBuffer();
        // A visit's start and its verdict may be written at the same time.
        const temporary = `${path(visit)}.${randomUUID()}.part`;
        await writeFile(temporary, jpeg, { mode: 0o600 });
        await rename(temporary, path(visit));
        problem = null;
        return true;
      } catch (error) {
        if (problem === null) log.error({ err: error, visit }, 'a snapshot could not be kept');
        problem = isDiskFull(error)
          ? 'DISK_FULL: snapshots are not kept, for the disk is full'
          : `snapshots are not kept: ${(error as Error).message}`;
        return false;
      } finally {
        underWay -= 1;
      }
    },
    async read(visit) {
      if (!/^[\w-]{1,64}$/.test(visit)) return null;
      return readFile(path(visit)).catch(() => null);
    },
    close: () => clearInterval(timer),
  };
}

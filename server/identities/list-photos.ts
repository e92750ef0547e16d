import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GatehouseError } from '../base/errors.js';

/** A file of a people folder that is a photo, or looks as if somebody took it for one. */
export interface PhotoFile {
  /** Where it lies. */
  path: string;
  /** Path below its people folder, with forward slashes. */
  photo: string;
  /** Whether its ending is one of `photoEndings`. */
  readable: boolean;
}

/** Endings of the photos that can be read. */
export const photoEndings = ['jpg', 'jpeg', 'png', 'webp', 'avif'] as const;
/** Endings of pictures that cannot: they are reported instead of being passed over in silence. */
const otherEndings = [
  'heic',
  'heif',
  'gif',
  'bmp',
  'tif',
  'tiff',
  'jxl',
  'jp2',
  'svg',
  'dng',
  'cr2',
  'nef',
  'arw',
];
/** Deep enough for `person/year/day`, and an end to links that go round in circles. */
const MAX_DEPTH = 6;

/**
 * The photos of a people folder, sorted by path. Hidden files and folders and those of programs that are
 * still writing (`~$x.jpg`, `x.jpg.part`) are no photos; nor is anything that is no picture, a README for
 * instance. Links to folders are not followed, links to photos are.
 *
 * Rejects with PHOTO_UNREADABLE where the folder cannot be listed: that must never be taken for an empty one.
 */
export async function listPhotos(folder: string): Promise<PhotoFile[]> {
  const found: PhotoFile[] = [];
  await list(folder, '', 1, found);
  return found.sort((a, b) => (a.photo < b.photo ? -1 : 1));
}

async function list(folder: string, below: string, depth: number, found: PhotoFile[]): Promise<void> {
  for (const entry of await entriesOf(folder)) {
    const { name } = entry;
    if (isPassedOver(name)) continue;
    const path = join(folder, name);
    const photo = below + name;
    if (entry.isDirectory()) {
      if (depth < MAX_DEPTH) await list(path, `${photo}/`, depth + 1, found);
    } else if (entry.isFile() || entry.isSymbolicLink()) {
      const ending = endingOf(name);
      const readable = (photoEndings as readonly string[]).includes(ending);
      if (readable || otherEndings.includes(ending)) found.push({ path, photo, readable });
    }
  }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new GatehouseError(
      'PHOTO_UNREADABLE',
      missing
        ? `the people folder ${folder} is not there; the people enrolled from it are kept until it is back`
        : `the people folder ${folder} cannot be read; the people enrolled from it are kept until it can`,
      missing
        ? 'Bring the folder back; to remove everybody, put an empty one in its place.'
        : 'Let the user that runs Gatehouse read the folder.',
      { cause },
    );
  }
}

/** Whether a file or folder is hidden or temporary. */
export function isPassedOver(name: string): boolean {
  return /^[.~]|^(Thumbs\.db|desktop\.ini)$|(~|\.(tmp|temp|part|partial|crdownload|download|swp|bak))$/iu.test(
    name,
  );
}

/** The ending of a file name in lower case, without its dot. */
export function endingOf(name: string): string {
  return /\.([^./]+)$/u.exec(name)?.[1]?.toLowerCase() ?? '';
}

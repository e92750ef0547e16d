import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import writeFileAtomic from 'write-file-atomic';
import { GatehouseError, isDiskFull } from '../base/errors.js';
import { demoPeople, type DemoPerson } from './people.js';
import { drawFigure } from './portrait.js';
import { HEAD_HEIGHT } from './drawing/traits.js';

const photo = { width: 640, height: 480, face: 178, eyesX: 320, eyesY: 205 };
const STAMP = '.demo-portraits';

/** The portrait that a demo person is enrolled with, as SVG: frontal, before a plain wall. */
export function drawEnrolmentPhoto({ traits }: DemoPerson): string {
  const { width, height, face, eyesX, eyesY } = photo;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><radialGradient id="wall" cx=".4" cy=".3" r=".9"><stop offset="0" stop-color="#e4e8ea"/><stop offset="1" stop-color="#aeb8be"/></radialGradient></defs><rect width="100%" height="100%" fill="url(#wall)"/><g transform="translate(${eyesX} ${eyesY}) scale(${face / HEAD_HEIGHT})">${drawFigure(traits)}</g></svg>`;
}

/**
 * Writes one portrait for each demo person, `<folder>/skuli.jpg` and so on, 640x480. Portraits of the same
 * version that are there already stay untouched. What else lies in the folder is left alone.
 *
 * @returns the paths, in the order of `demoPeople`
 * @throws GatehouseError DISK_FULL or DATA_NOT_WRITABLE
 */
export async function writeDemoPeople(folder: string): Promise<string[]> {
  const stampPath = join(folder, STAMP);
  const drawings = demoPeople.map((person) => ({
    path: join(folder, `${person.id}.jpg`),
    svg: drawEnrolmentPhoto(person),
  }));
  const hash = createHash('sha256');
  for (const { svg } of drawings) hash.update(svg);
  const version = hash.digest('hex');
  try {
    await mkdir(folder, { recursive: true });
    const current = (await readFile(stampPath, 'utf8').catch(() => '')) === version;
    for (const { path, svg } of drawings) {
      if (current && (await isComplete(path))) continue;
      const jpeg = await sharp(Buffer.from(svg)).removeAlpha().blur(0.5).jpeg({ quality: 92 }).toBuffer();
      await writeFileAtomic(path, jpeg);
    }
    if (!current) await writeFileAtomic(stampPath, version);
  } catch (cause) {
    if (isDiskFull(cause))
      throw new GatehouseError(
        'DISK_FULL',
        `No room for the demo's portraits in ${folder}.`,
        'Free some space.',
        { cause },
      );
    throw new GatehouseError(
      'DATA_NOT_WRITABLE',
      `The demo's portraits cannot be written to ${folder}.`,
      'Give the user that runs Gatehouse write access to that folder.',
      { cause },
    );
  }
  return drawings.map(({ path }) => path);
}

/** Whether a file is there; each was written in one piece, so there is no half of one. */
async function isComplete(path: string): Promise<boolean> {
  return (await readFile(path).catch(() => Buffer.alloc(0))).length > 0;
}

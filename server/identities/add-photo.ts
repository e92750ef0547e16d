import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { GatehouseError, isDiskFull } from '../base/errors.js';
import { enrol, readPhoto, type RecognisePhoto } from './enrol.js';
import { endingOf, listPhotos, photoEndings, type PhotoFile } from './list-photos.js';
import { personOfName, personOfPhoto, withoutCounter } from './person-of-photo.js';
import type { Person } from './person.js';

export interface AddPhotoOptions {
  /** The photo to be added; it stays where it is. */
  photo: string;
  /** As typed by the operator; left out, the photo's file name is taken. */
  name?: string;
  /** The people folder; made where it is missing. */
  folder: string;
  recognise: RecognisePhoto;
  /** Width of face that is needed, pixels. */
  minFace: number;
}

export interface AddedPhoto {
  person: Person;
  /** Path below the people folder, with forward slashes. */
  photo: string;
  /** added: copied. present: this very photo was there already as one of that person's; nothing was done. */
  outcome: 'added' | 'present';
}

/**
 * Checks a photo, then puts a copy into the people folder under a name that makes it that person's. The
 * running server sees it there and enrols it. Whole or not at all, and no other photo is ever overwritten.
 *
 * Rejects with a refusal of `enrol`, USAGE for a name of which no file name can be made, DISK_FULL or
 * DATA_NOT_WRITABLE.
 */
export async function addPhoto(options: AddPhotoOptions): Promise<AddedPhoto> {
  const { folder } = options;
  const ending = endingOf(options.photo);
  if (!(photoEndings as readonly string[]).includes(ending)) {
    throw new GatehouseError(
      'PHOTO_UNREADABLE',
      `${basename(options.photo)} is no ${photoEndings.join(', ')} file`,
      'Save it as JPEG.',
    );
  }
  const typed = options.name ?? withoutCounter(basename(options.photo, extname(options.photo)));
  const person = personOfName(fileNameOf(typed));
  const { bytes, sha256 } = await readPhoto(options.photo);
  await enrol(bytes, options);
  try {
    await mkdir(folder, { recursive: true });
    const theirs = (await listPhotos(folder)).filter((file) => personOfPhoto(file.photo).id === person.id);
    for (const file of theirs) {
      const same = await readPhoto(file.path).then(
        (other) => other.sha256 === sha256,
        () => false,
      );
      if (same) return { person: personOfPhoto(file.photo), photo: file.photo, outcome: 'present' };
    }
    const photo = await place(bytes, folder, stemFor(typed, person, theirs), ending);
    return { person: personOfPhoto(photo), photo, outcome: 'added' };
  } catch (cause) {
    if (cause instanceof GatehouseError) throw cause;
    if (isDiskFull(cause)) {
      throw new GatehouseError('DISK_FULL', `the disk of ${folder} is full`, 'Free some space.', { cause });
    }
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new GatehouseError(
      'DATA_NOT_WRITABLE',
      `the people folder ${folder} cannot be written (${code})`,
      'Let the user that runs this write to the folder.',
      { cause },
    );
  }
}

/** Where a person's next photo goes, without counter and ending: beside or into what is there of them. */
function stemFor(typed: string, person: Person, theirs: readonly PhotoFile[]): string {
  const inFolder = theirs.find((file) => file.photo.includes('/'));
  if (inFolder) return `${inFolder.photo.split('/')[0]}/${person.id}`;
  const loose = theirs.at(0);
  if (loose) return withoutCounter(loose.photo.replace(/\.[^.]+$/u, ''));
  // The plain id where the name can be read back from it, the name as typed where it cannot (`McDonald`).
  return personOfName(person.id).name === person.name ? person.id : fileNameOf(typed);
}

/** A name as a file name that every system takes; throws USAGE where nothing is left of it. */
function fileNameOf(name: string): string {
  const clean = name
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}/\\:*?"<>|]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .replace(/^[\s.~]+|[\s.~]+$/gu, '');
  const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/iu.test(clean);
  if (!/[\p{L}\p{N}]/u.test(clean) || reserved || Buffer.byteLength(clean) > 200) {
    throw new GatehouseError(
      'USAGE',
      `"${name}" cannot be a person's file name`,
      'Give a name with letters: --name "Ada Lovelace".',
    );
  }
  return clean;
}

/** Puts the bytes at `stem.ending`, or `stem.2.ending` and so on where that is taken; returns which. */
async function place(bytes: Uint8Array, folder: string, stem: string, ending: string): Promise<string> {
  // Hidden, so that a running server passes it over until it has its name.
  const beside = join(folder, dirname(stem), `.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeFile(beside, bytes, { flag: 'wx', flush: true });
    for (let count = 1; ; count += 1) {
      const photo = `${stem}${count === 1 ? '' : `.${count}`}.${ending}`;
      if (await nameIfFree(beside, join(folder, photo))) return photo;
    }
  } finally {
    await rm(beside, { force: true });
  }
}

/** Gives a file a further name unless that is taken. */
async function nameIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw cause;
  }
  // No hard links here (FAT, some network shares): hold the name with an empty file, then take its place.
  const held = await open(to, 'wx').catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw cause;
  });
  if (!held) return false;
  await held.close();
  await rename(from, to);
  return true;
}

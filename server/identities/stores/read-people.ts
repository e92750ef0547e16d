import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GatehouseError } from '../../base/errors.js';
import type { EnrolledPerson } from '../person.js';
import { fromPeopleFile, parsePeopleFile } from './people-file.js';

/**
 * Everybody in the `people.json` of a data folder that may be a running server's: only reads, and leaves a file alone
 * that cannot be read, which the store puts aside. Nobody where there is no such file.
 *
 * Rejects with PEOPLE_STORE_CORRUPT.
 */
export async function readPeople(folder: string): Promise<EnrolledPerson[]> {
  const path = join(folder, 'people.json');
  try {
    return fromPeopleFile(parsePeopleFile(await readFile(path, 'utf8')));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new GatehouseError(
      'PEOPLE_STORE_CORRUPT',
      `the enrolled people in ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Start the server once: it puts the file aside and enrols everybody anew.',
      { cause },
    );
  }
}

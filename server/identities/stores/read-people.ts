import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GatehouseError } from '../../base/errors.js';
import type { EnrolledPerson } from '../person.js';
import { fromPeopleFile, parsePeopleFile } from './people-file.js';

/**
 * Everybody in a data folder's `people.json`, touching nothing: a running server may have the store open. Nobody where
 * there is no file. Rejects with PEOPLE_STORE_CORRUPT or DATA_NOT_WRITABLE.
 */
export async function readPeople(folder: string): Promise<EnrolledPerson[]> {
  const path = join(folder, 'people.json');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    if (code === 'ENOENT') return null;
    throw new GatehouseError(
      'DATA_NOT_WRITABLE',
      `${path} cannot be read (${code})`,
      'Let this user read it.',
      {
        cause,
      },
    );
  });
  if (text === null) return [];
  try {
    return fromPeopleFile(parsePeopleFile(text));
  } catch (cause) {
    throw new GatehouseError(
      'PEOPLE_STORE_CORRUPT',
      `the store of enrolled people cannot be read: ${(cause as Error).message}`,
      'Start the server once: it puts the file aside and enrols everybody anew from their photos.',
      { cause },
    );
  }
}

import { constants } from 'node:fs';
import { access, mkdir, readFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Low, type Adapter } from 'lowdb';
import { GatehouseError, isDiskFull } from '../../base/errors.js';
import type { PeopleStore } from '../store.js';
import {
  fromPeopleFile,
  PEOPLE_FILE_VERSION,
  parsePeopleFile,
  toPeopleFile,
  type PeopleFile,
} from './people-file.js';
import { replaceFile, sweepBeside } from './replace-file.js';

/**
 * People in `people.json` of a folder, through lowdb.
 *
 * A file that cannot be read is never overwritten: `read` puts it aside as `people.json.unreadable-TIME` and
 * rejects with PEOPLE_STORE_CORRUPT; from then on the store is empty. Nothing is lost with it as long as the
 * photos are there, for everybody is enrolled from them anew.
 *
 * @param now wall clock, ms: names the file put aside
 */
export function lowdbStore(folder: string, now: () => number = Date.now): PeopleStore {
  const path = join(folder, 'people.json');
  const empty: PeopleFile = { version: PEOPLE_FILE_VERSION, people: [] };
  const low = new Low<PeopleFile>(peopleAdapter(path, now), empty);
  let writing: Promise<void> = Promise.resolve();
  return {
    async read() {
      await writing.catch(() => undefined);
      low.data = empty;
      await low.read();
      return fromPeopleFile(low.data);
    },
    write(people) {
      // Taken now, so that what the caller changes while an earlier write is under way is not half in it.
      const file = toPeopleFile(people);
      const mine = writing
        .catch(() => undefined)
        .then(() => {
          low.data = file;
          return low.write();
        });
      writing = mine;
      return mine;
    },
  };
}

function peopleAdapter(path: string, now: () => number): Adapter<PeopleFile> {
  const folder = dirname(path);
  let blocked: GatehouseError | null = null;
  return {
    async read() {
      await prepare(path);
      const text = await readFile(path, 'utf8').catch((cause: unknown) => {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw notWritable(folder, cause);
      });
      if (text === null) return null;
      try {
        return parsePeopleFile(text);
      } catch (cause) {
        const aside = `${path}.unreadable-${new Date(now()).toISOString().replace(/[:.]/gu, '-')}`;
        const moved = await rename(path, aside).then(
          () => true,
          () => false,
        );
        const corrupt = storeCorrupt(moved ? aside : path, moved, cause);
        if (!moved) blocked = corrupt;
        throw corrupt;
      }
    },
    async write(file) {
      if (blocked) throw blocked;
      try {
        await mkdir(folder, { recursive: true });
        await replaceFile(path, JSON.stringify(file));
      } catch (cause) {
        throw isDiskFull(cause) ? diskFull(folder, cause) : notWritable(folder, cause);
      }
    },
  };
}

/** Makes the folder, and fails at start rather than at the first enrolment where it cannot be written. */
async function prepare(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.R_OK | constants.W_OK);
    await sweepBeside(path);
  } catch (cause) {
    throw isDiskFull(cause) ? diskFull(folder, cause) : notWritable(folder, cause);
  }
}

function storeCorrupt(kept: string, moved: boolean, cause: unknown): GatehouseError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new GatehouseError(
    'PEOPLE_STORE_CORRUPT',
    `the store of enrolled people cannot be read: ${why}; it is kept as ${basename(kept)}`,
    moved
      ? 'Nothing to do where all photos are in the people folder: everybody is enrolled from them again. Otherwise restore people.json from a backup.'
      : `Move ${kept} out of the way, then start again.`,
    { cause },
  );
}

function diskFull(folder: string, cause: unknown): GatehouseError {
  return new GatehouseError(
    'DISK_FULL',
    `the disk of ${folder} is full`,
    'Free some space; it is tried again by itself.',
    {
      cause,
    },
  );
}

function notWritable(folder: string, cause: unknown): GatehouseError {
  const code = (cause as NodeJS.ErrnoException | null)?.code ?? String(cause);
  return new GatehouseError(
    'DATA_NOT_WRITABLE',
    `the data folder ${folder} cannot be used (${code})`,
    'Let the user that runs Gatehouse read and write the folder.',
    { cause },
  );
}

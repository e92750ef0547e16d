import { mkdir } from 'node:fs/promises';
import { asGatehouseError } from '../base/errors.js';
import { FolderIdentities } from './folder-identities.js';
import type { Identities, IdentitiesOptions } from './identities-contract.js';
import type { EnrolmentProblem } from './photo-book.js';

export type {
  EnrolmentProgress,
  Identities,
  IdentitiesOptions,
  PersonPhotos,
} from './identities-contract.js';

/**
 * Opens the people: those of the store are known at once, then the folders are read, and again whenever
 * they change. A photo that is unchanged (SHA-256) is not embedded again; a removed photo takes its sample
 * with it, a person's last one the person. One bad photo never keeps the others from being enrolled, and
 * neither does a store that was unreadable: it is put aside and everybody enrolled anew.
 *
 * Rejects with DATA_NOT_WRITABLE or DISK_FULL where the store cannot be opened.
 */
export async function openIdentities(options: IdentitiesOptions): Promise<Identities> {
  const problems: EnrolmentProblem[] = [];
  const people = await options.store.read().catch((thrown: unknown) => {
    const error = asGatehouseError(thrown);
    if (error.code !== 'PEOPLE_STORE_CORRUPT') throw error;
    options.log.error({ code: error.code, err: error.cause }, error.advice);
    problems.push({ photo: 'people.json', code: error.code, reason: error.message });
    return [];
  });
  // Only at the very first start: a folder that vanished later on may be a disk that is not mounted.
  if (people.length === 0) {
    for (const folder of options.folders) await mkdir(folder, { recursive: true }).catch(() => undefined);
  }
  return FolderIdentities.open(options, people, problems);
}

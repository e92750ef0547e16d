import type { EnrolledPerson } from './person.js';

/**
 * CONTRACT: where people are kept. A `write` that resolved is there after a kill -9 at any later moment;
 * one that did not is there whole or not at all.
 */
export interface PeopleStore {
  /** Everybody; rejects with PEOPLE_STORE_CORRUPT and what to do where what is stored cannot be read. */
  read(): Promise<EnrolledPerson[]>;
  /** Replaces everybody; writes are carried out one after another. Rejects with DISK_FULL or DATA_NOT_WRITABLE. */
  write(people: readonly EnrolledPerson[]): Promise<void>;
}

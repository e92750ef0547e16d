import type { EnrolledPerson } from '../person.js';
import type { PeopleStore } from '../store.js';

/** People for as long as the process runs: for tests, and for a desk that keeps nothing. */
export function memoryStore(people: readonly EnrolledPerson[] = []): PeopleStore {
  let stored = structuredClone(people);
  return {
    read: () => Promise.resolve(structuredClone(stored) as EnrolledPerson[]),
    write: (people) => {
      stored = structuredClone(people);
      return Promise.resolve();
    },
  };
}

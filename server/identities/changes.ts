import type { EnrolledPerson, Person } from './person.js';

/** What happened to the people of the gallery; in the store by the time it is told. */
export type IdentityChange =
  | {
      /** Enrolled, or with other photos or another name than before. */
      type: 'person.enrolled';
      person: Person;
      /** How many of the person's photos are enrolled now. */
      photos: number;
    }
  | { type: 'person.removed'; person: Person; photos: 0 }
  | {
      type: 'photo.refused';
      /** Path below its people folder. */
      photo: string;
      code: string;
      /** In the operator's words. */
      reason: string;
    };

/** What is different for one network between two states of the gallery: first who is gone, then who is there. */
export function changesBetween(
  before: readonly EnrolledPerson[],
  after: readonly EnrolledPerson[],
  network: string,
): IdentityChange[] {
  const was = summaries(before, network);
  const is = summaries(after, network);
  const removed = [...was.values()]
    .filter(({ person }) => !is.has(person.id))
    .map(({ person }): IdentityChange => ({ type: 'person.removed', person, photos: 0 }));
  const enrolled = [...is.values()]
    .filter(({ person, summary }) => was.get(person.id)?.summary !== summary)
    .map(({ person, photos }): IdentityChange => ({ type: 'person.enrolled', person, photos }));
  return [...removed, ...enrolled];
}

function summaries(people: readonly EnrolledPerson[], network: string) {
  const all = new Map<string, { person: Person; photos: number; summary: string }>();
  for (const { id, name, samples } of people) {
    const hashes = samples.filter((sample) => sample.network === network).map((sample) => sample.sha256);
    if (hashes.length === 0) continue;
    all.set(id, {
      person: { id, name },
      photos: hashes.length,
      summary: JSON.stringify([name, ...hashes.sort()]),
    });
  }
  return all;
}

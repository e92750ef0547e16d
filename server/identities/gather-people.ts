import type { PhotoFile } from './list-photos.js';
import { personOfPhoto } from './person-of-photo.js';
import type { EnrolledPerson, Sample } from './person.js';

/**
 * What is known about a photo file: its samples (one for each network that has embedded it), nothing because
 * it was refused, or not yet or no longer readable, so that what was enrolled from it before stays.
 */
export type PhotoOutcome = Sample[] | 'refused' | 'undecided';

/**
 * The people that the photos make, in the order of the photos; the first photo gives the name.
 *
 * @param photos each file with its outcome
 * @param before the people so far: undecided photos keep theirs
 * @param complete whether every folder could be listed; where not, nobody is removed
 */
export function gatherPeople(
  photos: readonly { file: PhotoFile; outcome: PhotoOutcome }[],
  before: readonly EnrolledPerson[],
  complete: boolean,
): EnrolledPerson[] {
  const people = new Map<string, EnrolledPerson>();
  const add = (id: string, name: string, samples: readonly Sample[]) => {
    if (samples.length === 0) return;
    const person = people.get(id) ?? { id, name, samples: [] };
    people.set(id, person);
    for (const sample of samples) {
      // The same photo twice (in two folders, for example) says nothing new.
      const twice = person.samples.some((s) => s.sha256 === sample.sha256 && s.network === sample.network);
      if (!twice) person.samples.push(sample);
    }
  };
  const known = new Map(before.map((person) => [person.id, person]));
  for (const { file, outcome } of photos) {
    const { id, name } = personOfPhoto(file.photo);
    if (outcome === 'refused') continue;
    const samples =
      outcome === 'undecided'
        ? (known.get(id)?.samples ?? []).filter((sample) => sample.photo === file.photo)
        : outcome.map((sample) => ({ ...sample, photo: file.photo }));
    add(id, name, samples);
  }
  if (!complete) {
    const listed = new Set(photos.map(({ file }) => file.photo));
    for (const { id, name, samples } of before)
      add(
        id,
        name,
        samples.filter((sample) => !listed.has(sample.photo)),
      );
  }
  return [...people.values()];
}

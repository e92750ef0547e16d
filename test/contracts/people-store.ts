import { describe, expect, it } from 'vitest';
import type { EnrolledPerson } from '../../server/identities/person.js';
import type { PeopleStore } from '../../server/identities/store.js';
import { enrolledPerson } from '../fixtures/enrolled-person.js';

/**
 * What every people store has to do.
 *
 * @param open a store on a place of its own; `again` opens the same place anew, where it outlives a process
 */
export function peopleStoreContract(
  name: string,
  open: () => Promise<{ store: PeopleStore; again: () => PeopleStore }>,
): void {
  describe(`people store: ${name}`, () => {
    it('is empty at first', async () => {
      const { store } = await open();
      expect(await store.read()).toEqual([]);
    });

    it('gives back what was written, embeddings bit for bit', async () => {
      const { store, again } = await open();
      await store.read();
      const people = [enrolledPerson('josé', 3), enrolledPerson('ada-lovelace')];
      people[0].samples[0].embedding.set([Number.MIN_VALUE, -0, 1e-38, 1 / 3]);
      await store.write(people);
      expect(await store.read()).toEqual(people);
      expect(await again().read()).toEqual(people);
    });

    it('carries out writes in their order, each as the people were when it was asked for', async () => {
      const { store, again } = await open();
      await store.read();
      const growing: EnrolledPerson[] = [];
      const writes = Array.from({ length: 20 }, (_, n) => {
        growing.push(enrolledPerson(`person-${n}`));
        return store.write(growing);
      });
      growing.length = 0;
      await Promise.all(writes);
      expect((await again().read()).map(({ id }) => id)).toEqual(
        Array.from({ length: 20 }, (_, n) => `person-${n}`),
      );
    });

    it('does not hand out what it holds', async () => {
      const { store } = await open();
      await store.write([enrolledPerson('ada')]);
      const [ada] = await store.read();
      ada.samples[0].embedding.fill(7);
      ada.samples.length = 0;
      expect(await store.read()).toEqual([enrolledPerson('ada')]);
    });

    it('forgets who is left out', async () => {
      const { store, again } = await open();
      await store.write([enrolledPerson('ada'), enrolledPerson('bo')]);
      await store.write([enrolledPerson('bo')]);
      expect((await again().read()).map(({ id }) => id)).toEqual(['bo']);
    });
  });
}

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../../server/base/log.js';
import type { IdentityChange } from '../../server/identities/changes.js';
import { loopIndex } from '../../server/identities/gallery/loop-index.js';
import { KnownPeople } from '../../server/identities/known-people.js';
import type { PeopleStore } from '../../server/identities/store.js';
import { lowdbStore } from '../../server/identities/stores/lowdb.js';
import { memoryStore } from '../../server/identities/stores/memory.js';
import { embeddingOf, enrolledPerson } from '../fixtures/enrolled-person.js';

const [ada, bo] = [enrolledPerson('ada'), enrolledPerson('bo')];

const open: KnownPeople[] = [];
let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'gatehouse-known-people-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((known) => known.close()));
  await rm(data, { recursive: true, force: true });
});

async function knowing(people: readonly (typeof ada)[], store: PeopleStore) {
  const known = new KnownPeople(
    { network: 'dlib-resnet', openIndex: loopIndex, store, log: silentLog },
    people,
  );
  open.push(known);
  await known.settled;
  const nearest = async (id: string) => {
    const [match] = await known.gallery.match([embeddingOf(`${id} 0`)], 0.6);
    return match.person?.id ?? null;
  };
  return { known, nearest };
}

it('tells of a person once the store and the gallery have them', async () => {
  const store = memoryStore([ada]);
  const { known, nearest } = await knowing([ada], store);
  const seen: Promise<unknown>[] = [];
  known.changes.subscribe((change) =>
    seen.push(
      Promise.all([nearest('bo'), store.read()]).then(([match, stored]) => [
        ...[change.type, match],
        stored.map(({ id }) => id),
      ]),
    ),
  );
  expect(await known.commit((people) => [...people, bo])).toBe(true);
  expect(await Promise.all(seen)).toEqual([['person.enrolled', 'bo', ['ada', 'bo']]]);
  expect(known.all.map(({ id }) => id)).toEqual(['ada', 'bo']);
});

it('keeps what happened before the first subscription for it, and for it alone', async () => {
  const { known } = await knowing([ada], memoryStore());
  await known.commit(() => [bo]);
  const told: [IdentityChange[], IdentityChange[]] = [[], []];
  for (const list of told) known.changes.subscribe((change) => list.push(change));
  expect(told[0].map(({ type }) => type)).toEqual(['person.removed', 'person.enrolled']);
  expect(told[1]).toEqual([]);
});

it('stays as it was where the store cannot be written, says so, and forgets it once it can', async () => {
  const store = lowdbStore(data);
  const { known, nearest } = await knowing(await store.read(), store);
  const told: IdentityChange[] = [];
  known.changes.subscribe((change) => told.push(change));
  await rm(data, { recursive: true });
  // A folder in the place of the file: not even root can write over it.
  await mkdir(join(data, 'people.json'), { recursive: true });
  expect(await known.commit(() => [ada])).toBe(false);
  expect(known.problems).toMatchObject([{ photo: 'people.json', code: 'DATA_NOT_WRITABLE' }]);
  expect([known.all, told, await nearest('ada')]).toEqual([[], [], null]);

  await rm(data, { recursive: true });
  await mkdir(data);
  expect(await known.commit(() => [ada])).toBe(true);
  expect(known.problems).toEqual([]);
  expect([told.length, await nearest('ada')]).toEqual([1, 'ada']);
});

it('takes commits one after the other, each from what the one before made, and a failed one keeps none back', async () => {
  const { known } = await knowing([], memoryStore());
  const commits = [
    known.commit((people) => [...people, ada]),
    known.commit(() => {
      throw new Error('this one is broken');
    }),
    known.commit((people) => [...people, bo]),
  ];
  const outcomes = await Promise.allSettled(commits);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(known.all.map(({ id }) => id)).toEqual(['ada', 'bo']);
});

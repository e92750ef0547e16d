import { copyFile, mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/base/clock.js';
import { GatehouseError } from '../../server/base/errors.js';
import { silentLog } from '../../server/base/log.js';
import type { IdentityChange } from '../../server/identities/changes.js';
import {
  openIdentities,
  type Identities,
  type IdentitiesOptions,
} from '../../server/identities/identities.js';
import type { PeopleStore } from '../../server/identities/store.js';
import { lowdbStore } from '../../server/identities/stores/lowdb.js';
import { memoryStore } from '../../server/identities/stores/memory.js';
import { embeddingOf } from '../fixtures/enrolled-person.js';
import { photoOf, rectangleRecogniser } from './drawn-photo.js';

const RED = embeddingOf('3,0,0');
const GREEN = embeddingOf('0,3,0');

let root: string;
let folder: string;
let networks: ReturnType<typeof rectangleRecogniser>;
const open: Identities[] = [];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatehouse-identities-'));
  folder = join(root, 'people');
  await mkdir(folder);
  networks = rectangleRecogniser();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((identities) => identities.close()));
  await rm(root, { recursive: true, force: true });
});

/** Puts a photo there as if it had lain there for an hour. */
async function put(photo: string, content: Buffer | string, where = folder): Promise<void> {
  const path = join(where, photo);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
  const hourAgo = Date.now() / 1000 - 3600;
  await utimes(path, hourAgo, hourAgo);
}

const usual = (): IdentitiesOptions => ({
  ...{ folders: [folder], store: memoryStore(), recognise: networks.recognise, network: 'net', minFace: 80 },
  ...{ clock: systemClock, log: silentLog },
});

async function start(options: Partial<IdentitiesOptions> = {}) {
  const identities = await openIdentities({ ...usual(), settleMs: 40, ...options });
  open.push(identities);
  const changes: IdentityChange[] = [];
  identities.changes.subscribe((change) => changes.push(change));
  const next = (type: IdentityChange['type']) =>
    firstValueFrom(identities.changes.pipe(filter((change) => change.type === type)));
  await identities.ready;
  return { identities, changes, next };
}

describe('at start', () => {
  it('enrols everybody of the folder, a photo or a folder a person', async () => {
    await put('skuli.png', await photoOf(['#c00000']));
    await put('ada-lovelace/front.png', await photoOf(['#00c000']));
    await put('ada-lovelace/left.png', await photoOf(['#00c000'], { salt: 1 }));
    await put('README.md', 'no photo');
    await put('.hidden.png', await photoOf(['#00c000']));
    const { identities, changes } = await start();
    expect(
      identities.people().map(({ id, name, photos }) => [id, name, photos.map(({ photo }) => photo)]),
    ).toEqual([
      ['ada-lovelace', 'Ada Lovelace', ['ada-lovelace/front.png', 'ada-lovelace/left.png']],
      ['skuli', 'Skuli', ['skuli.png']],
    ]);
    expect(identities.problems()).toEqual([]);
    expect(changes).toEqual([
      { type: 'person.enrolled', person: { id: 'ada-lovelace', name: 'Ada Lovelace' }, photos: 2 },
      { type: 'person.enrolled', person: { id: 'skuli', name: 'Skuli' }, photos: 1 },
    ]);
    expect((await identities.match([RED], 0.6))[0].person).toEqual({ id: 'skuli', name: 'Skuli' });
  });

  it('reports every bad photo with its reason, and goes on', async () => {
    await put('a-nobody.png', await photoOf([]));
    await put('b-both.png', await photoOf(['#c00000', '#00c000']));
    await put('c-broken.jpg', 'broken');
    await put('d-small.png', await photoOf(['#c00000'], { face: 30 }));
    await put('e-phone.heic', 'whatever');
    await put('skuli.png', await photoOf(['#c00000']));
    const { identities, changes } = await start();
    expect(identities.people().map(({ id }) => id)).toEqual(['skuli']);
    const problems = identities.problems();
    expect(problems.map(({ photo, code }) => [photo, code])).toEqual([
      ['a-nobody.png', 'PHOTO_NO_FACE'],
      ['b-both.png', 'PHOTO_SEVERAL_FACES'],
      ['c-broken.jpg', 'PHOTO_CORRUPT'],
      ['d-small.png', 'PHOTO_FACE_TOO_SMALL'],
      ['e-phone.heic', 'PHOTO_UNREADABLE'],
    ]);
    const refused = changes.filter(({ type }) => type === 'photo.refused');
    expect(refused).toHaveLength(5);
    expect(refused).toEqual(
      expect.arrayContaining(problems.map((problem) => ({ type: 'photo.refused', ...problem }))),
    );
  });

  it('embeds no unchanged photo again, and says nothing about it', async () => {
    await put('skuli.png', await photoOf(['#c00000']));
    const store = lowdbStore(join(root, 'data'));
    const first = await start({ store });
    await first.identities.close();
    expect(networks.calls).toHaveLength(1);
    const { identities, changes } = await start({ store: lowdbStore(join(root, 'data')) });
    expect(networks.calls).toHaveLength(1);
    expect(changes).toEqual([]);
    expect((await identities.match([RED], 0.6))[0].person?.id).toBe('skuli');
  });

  it('knows the people of the store before a single photo was looked at', async () => {
    await put('skuli.png', await photoOf(['#c00000']));
    const store = memoryStore();
    await (await start({ store })).identities.close();
    const identities = await openIdentities({ ...usual(), store });
    open.push(identities);
    expect((await identities.match([RED], 0.6))[0].person?.id).toBe('skuli');
  });

  it('embeds with another network beside the first, and goes back without embedding', async () => {
    await put('skuli.png', await photoOf(['#c00000']));
    const store = memoryStore();
    for (const [network, embedded] of [
      ['net', 1],
      ['other', 2],
      ['net', 2],
    ] as const) {
      const { identities } = await start({ store, network });
      expect(networks.calls).toHaveLength(embedded);
      expect(identities.people()).toMatchObject([{ id: 'skuli', photos: [{ photo: 'skuli.png' }] }]);
      await identities.close();
    }
  });

  it('takes several folders together', async () => {
    const demo = join(root, 'demo');
    await put('skuli.png', await photoOf(['#c00000']));
    await put('skuli.png', await photoOf(['#c00000'], { salt: 1 }), demo);
    await put('ada.png', await photoOf(['#00c000']), demo);
    const { identities } = await start({ folders: [folder, demo] });
    expect(identities.people().map(({ id, photos }) => [id, photos.length])).toEqual([
      ['skuli', 2],
      ['ada', 1],
    ]);
  });

  it('makes a people folder that is not there yet', async () => {
    const { identities } = await start({ folders: [join(root, 'new', 'people')] });
    expect(identities.problems()).toEqual([]);
  });

  it('removes nobody when a folder cannot be read: it may be a disk that is not mounted', async () => {
    await put('skuli.png', await photoOf(['#c00000']));
    const store = memoryStore();
    await (await start({ store })).identities.close();
    await rename(folder, join(root, 'elsewhere'));
    const { identities, changes } = await start({ store });
    expect(identities.people().map(({ id }) => id)).toEqual(['skuli']);
    expect(identities.problems()).toMatchObject([{ photo: folder, code: 'PHOTO_UNREADABLE' }]);
    expect(changes).toEqual([]);
  });

  it('enrols everybody anew where the store was unreadable, keeps the old file and says so', async () => {
    await put('skuli.png', await photoOf(['#c00000']));
    await put('people.json', '{"version":', join(root, 'data'));
    const { identities } = await start({ store: lowdbStore(join(root, 'data')) });
    expect(identities.people().map(({ id }) => id)).toEqual(['skuli']);
    expect(identities.problems()).toMatchObject([{ photo: 'people.json', code: 'PEOPLE_STORE_CORRUPT' }]);
  });

  it('tells how far it is', async () => {
    for (let n = 0; n < 5; n += 1) await put(`p${n}.png`, await photoOf(['#c00000'], { salt: n }));
    const identities = await openIdentities(usual());
    open.push(identities);
    const told: string[] = [];
    identities.progress.subscribe(({ done, total }) => told.push(`${done}/${total}`));
    await identities.ready;
    expect(told).toEqual(['0/0', '0/5', '1/5', '2/5', '3/5', '4/5', '5/5', '0/0']);
  });
});

describe('while running', () => {
  it('enrols a photo that is added, and forgets the person with the last one', async () => {
    const { identities, next } = await start();
    const enrolled = next('person.enrolled');
    await put('skuli.png', await photoOf(['#c00000']));
    expect(await enrolled).toMatchObject({ person: { id: 'skuli' }, photos: 1 });
    expect((await identities.match([RED], 0.6))[0].person?.id).toBe('skuli');

    const removed = next('person.removed');
    await rm(join(folder, 'skuli.png'));
    expect(await removed).toEqual({
      type: 'person.removed',
      person: { id: 'skuli', name: 'Skuli' },
      photos: 0,
    });
    expect((await identities.match([RED], 0.6))[0]).toMatchObject({ person: null, candidates: [] });
    expect(identities.people()).toEqual([]);
  });

  it('replaces the embedding of a photo that is replaced, without the person going in between', async () => {
    await put('skuli.png', await photoOf(['#c00000']));
    const { identities, changes, next } = await start();
    const enrolled = next('person.enrolled');
    await put('skuli.png', await photoOf(['#00c000']));
    await enrolled;
    expect((await identities.match([GREEN], 0.6))[0].person?.id).toBe('skuli');
    expect((await identities.match([RED], 0.6))[0].person).toBeNull();
    expect(changes.map(({ type }) => type)).toEqual(['person.enrolled', 'person.enrolled']);
  });

  it('takes back a problem with the photo that had it', async () => {
    await put('both.png', await photoOf(['#c00000', '#00c000']));
    await put('skuli.png', await photoOf(['#c00000']));
    const { identities, next } = await start();
    expect(identities.problems()).toHaveLength(1);
    const removed = next('person.removed');
    await rm(join(folder, 'both.png'));
    await rm(join(folder, 'skuli.png'));
    await removed;
    await identities.close();
    expect(identities.problems()).toEqual([]);
  });

  it('does not refuse a photo while it is being copied', async () => {
    const whole = await photoOf(['#c00000'], { format: 'jpeg' });
    await writeFile(join(folder, 'skuli.jpg'), whole.subarray(0, 900));
    // Larger than any time this test takes, so that the half photo is certainly looked at while it is fresh.
    const { identities, changes, next } = await start({ settleMs: 300 });
    expect(changes).toEqual([]);
    expect(identities.problems()).toEqual([]);
    const enrolled = next('person.enrolled');
    await writeFile(join(folder, 'skuli.jpg'), whole);
    await enrolled;
    expect(changes.map(({ type }) => type)).toEqual(['person.enrolled']);
  });

  it('refuses a photo that stays broken once nobody has written to it for a while', async () => {
    await writeFile(join(folder, 'skuli.jpg'), 'broken');
    const { next } = await start({ settleMs: 150 });
    expect(await next('photo.refused')).toMatchObject({ photo: 'skuli.jpg', code: 'PHOTO_CORRUPT' });
  });

  it('tells of an enrolment only once the store has it, and not at all while it cannot', async () => {
    const inner = memoryStore();
    let full = true;
    const stored: string[][] = [];
    const store: PeopleStore = {
      read: () => inner.read(),
      write: async (people) => {
        if (full) throw new GatehouseError('DISK_FULL', 'the disk is full', 'Free some space.');
        await inner.write(people);
        stored.push(people.map(({ id }) => id));
      },
    };
    await put('skuli.png', await photoOf(['#c00000']));
    const { identities, changes } = await start({ store });
    expect(changes).toEqual([]);
    expect(identities.people()).toEqual([]);
    expect(identities.problems()).toMatchObject([{ photo: 'people.json', code: 'DISK_FULL' }]);

    full = false;
    const whenTold: boolean[] = [];
    identities.changes.subscribe((change) => {
      if (change.type === 'person.enrolled')
        whenTold.push(stored.at(-1)?.includes(change.person.id) ?? false);
    });
    const both = firstValueFrom(identities.changes.pipe(filter(() => whenTold.length === 2)));
    await put('ada.png', await photoOf(['#00c000']));
    await both;
    expect(whenTold).toEqual([true, true]);
    expect(identities.problems()).toEqual([]);
    expect(networks.calls).toHaveLength(2);
  });

  it('tries a photo again that the engine failed on, and does not blame the photo', async () => {
    await put('skuli.png', await photoOf(['#c00000']));
    let failing = true;
    const recognise: IdentitiesOptions['recognise'] = (picture) =>
      failing
        ? Promise.reject(new GatehouseError('ENGINE_FAILED', 'a worker died', 'Report this.'))
        : networks.recognise(picture);
    const { identities, changes, next } = await start({ recognise });
    expect(changes).toEqual([]);
    expect(identities.problems()).toMatchObject([{ photo: 'skuli.png', code: 'ENGINE_FAILED' }]);
    failing = false;
    const enrolled = next('person.enrolled');
    await put('note.txt', 'any change');
    expect(await enrolled).toMatchObject({ person: { id: 'skuli' } });
  });

  it('sees a folder that arrives whole', async () => {
    const { next } = await start();
    await put('ada/1.png', await photoOf(['#00c000']), join(root, 'stage'));
    await put('ada/2.png', await photoOf(['#00c000'], { salt: 1 }), join(root, 'stage'));
    const enrolled = next('person.enrolled');
    await rename(join(root, 'stage', 'ada'), join(folder, 'ada'));
    expect(await enrolled).toMatchObject({ person: { id: 'ada' }, photos: 2 });
  });

  it('looks anew on its own where no change is told', async () => {
    const { next } = await start({ rescanMs: 50, settleMs: 60_000 });
    const enrolled = next('person.enrolled');
    await put('skuli.png', await photoOf(['#c00000']));
    expect(await enrolled).toMatchObject({ person: { id: 'skuli' } });
  });
});

it('keeps changes for the first who asks', async () => {
  await put('skuli.png', await photoOf(['#c00000']));
  const identities = await openIdentities(usual());
  open.push(identities);
  await identities.ready;
  expect(await firstValueFrom(identities.changes)).toMatchObject({ type: 'person.enrolled' });
});

it('stops in the middle of a long pass, with what was enrolled so far', async () => {
  for (let n = 0; n < 30; n += 1) await put(`p${n}.png`, await photoOf(['#c00000'], { salt: n }));
  const store = memoryStore();
  const identities = await openIdentities({ ...usual(), store });
  await firstValueFrom(identities.progress.pipe(filter(({ done }) => done >= 3)));
  await identities.close();
  const stored = (await store.read()).length;
  expect(stored).toBeGreaterThanOrEqual(3);
  expect(stored).toBeLessThan(30);
});

it('refuses to open a store that cannot be opened', async () => {
  await copyFile(import.meta.filename, join(root, 'data'));
  await expect(start({ store: lowdbStore(join(root, 'data')) })).rejects.toMatchObject({
    code: 'DATA_NOT_WRITABLE',
  });
});

import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lowdbStore } from '../../server/identities/stores/lowdb.js';
import { enrolledPerson } from '../fixtures/enrolled-person.js';
import { smallDisk, smallDiskIsPossible } from '../fixtures/small-disk.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-lowdb-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const whole = JSON.stringify({ version: 1, people: [] });
const broken = {
  'cut off': '{"version":1,"people":[{"id":"ada"',
  'an empty file': '',
  'of a newer version': whole.replace('1', '2'),
  'another shape': '{"version":1,"people":[{"id":"ada","name":"Ada","samples":[{"photo":"a.jpg"}]}]}',
  'no object': 'null',
};

describe('a people.json that cannot be read', () => {
  it.each(Object.entries(broken))('%s is put aside, never overwritten', async (_, text) => {
    await writeFile(join(folder, 'people.json'), text);
    const store = lowdbStore(folder, () => Date.UTC(2024, 0, 2, 3, 4, 5));
    await expect(store.read()).rejects.toMatchObject({ code: 'PEOPLE_STORE_CORRUPT' });
    await store.write([enrolledPerson('bo')]);
    expect(await lowdbStore(folder).read()).toEqual([enrolledPerson('bo')]);
    expect(await readFile(join(folder, 'people.json.unreadable-2024-01-02T03-04-05-000Z'), 'utf8')).toBe(
      text,
    );
  });

  it('says what is wrong, where it is kept and what to do', async () => {
    await writeFile(join(folder, 'people.json'), broken['of a newer version']);
    await expect(lowdbStore(folder).read()).rejects.toMatchObject({
      message: expect.stringMatching(/newer Gatehouse.*kept as people\.json\.unreadable-/u) as string,
      remedy: expect.stringContaining('enrolled from them again') as string,
    });
  });
});

it('keeps faces from other users of the machine, in under 900 characters a photo', async () => {
  await lowdbStore(folder).write([enrolledPerson('ada', 100)]);
  const { mode, size } = await stat(join(folder, 'people.json'));
  expect(mode & 0o077).toBe(0);
  expect(size).toBeLessThan(100 * 900);
});

it('clears away what a killed write left behind', async () => {
  await writeFile(join(folder, 'people.json.4711'), 'half');
  await writeFile(join(folder, 'people.json.notes'), 'mine');
  await lowdbStore(folder).read();
  expect(await readdir(folder)).toEqual(['people.json.notes']);
});

it('fails where the folder cannot be', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(lowdbStore(join(folder, 'file', 'data')).read()).rejects.toMatchObject({
    code: 'DATA_NOT_WRITABLE',
  });
});

describe.skipIf(!smallDiskIsPossible())('on a disk that is full (needs root on Linux)', () => {
  it('rejects with DISK_FULL, keeps what was there whole, and goes on once there is room', async () => {
    await using disk = await smallDisk(256 * 1024);
    const store = lowdbStore(disk.folder);
    await store.write([enrolledPerson('ada', 20)]);
    // Nearly full: the first bytes of the next write still find room, its last ones do not.
    for (let photos = 100; photos <= 300; photos += 50) {
      const crowd = enrolledPerson('crowd', photos);
      await store.write([crowd]).then(
        () => expect(photos).toBeLessThan(200),
        (error: unknown) => expect(error).toMatchObject({ code: 'DISK_FULL' }),
      );
      const [kept] = await lowdbStore(disk.folder).read();
      expect(kept.samples.length).toBeGreaterThanOrEqual(20);
    }
    expect(await readdir(disk.folder)).toEqual(['people.json']);
    await store.write([enrolledPerson('bo')]);
    expect(await lowdbStore(disk.folder).read()).toEqual([enrolledPerson('bo')]);
  });
});

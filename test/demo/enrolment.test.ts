import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeDemoPeople } from '../../server/demo/enrolment.js';
import { demoPeople } from '../../server/demo/people.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-demo-people-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('writes a portrait of each demo person, once', async () => {
  const people = join(folder, 'people');
  const paths = await writeDemoPeople(people);
  expect(paths).toEqual(demoPeople.map(({ id }) => join(people, `${id}.jpg`)));
  for (const path of paths)
    expect(await sharp(path).metadata()).toMatchObject({ format: 'jpeg', width: 640, height: 480 });
  const written = await Promise.all(paths.map(async (path) => (await stat(path)).ino));

  await writeDemoPeople(people);
  expect(await Promise.all(paths.map(async (path) => (await stat(path)).ino))).toEqual(written);
});

it('brings back what is missing or outdated, and leaves what is not its own', async () => {
  const [first, second] = await writeDemoPeople(folder);
  await rm(first);
  await writeFile(second, '');
  await writeFile(join(folder, 'visitor.jpg'), 'not ours');
  await writeDemoPeople(folder);
  expect((await readFile(first)).length).toBeGreaterThan(5000);
  expect((await readFile(second)).length).toBeGreaterThan(5000);
  expect(await readFile(join(folder, 'visitor.jpg'), 'utf8')).toBe('not ours');

  const stamp = (await readdir(folder)).find((name) => name.startsWith('.'));
  await writeFile(join(folder, stamp!), 'an earlier version');
  const before = (await stat(first)).ino;
  await writeDemoPeople(folder);
  expect((await stat(first)).ino).not.toBe(before);
});

it('says so where it cannot write', async () => {
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  await expect(writeDemoPeople(file)).rejects.toMatchObject({ code: 'DATA_NOT_WRITABLE' });
});

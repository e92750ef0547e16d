import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addPhoto } from '../../server/identities/add-photo.js';
import { photoOf, rectangleRecogniser } from './drawn-photo.js';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatehouse-add-'));
  folder = join(root, 'people');
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function add(photo: Buffer | string, name?: string, file = 'IMG_1.png') {
  await writeFile(join(root, file), photo);
  return await addPhoto({
    photo: join(root, file),
    ...(name === undefined ? {} : { name }),
    folder,
    recognise: rectangleRecogniser().recognise,
    minFace: 80,
  });
}

it('copies a good photo under the name of the person', async () => {
  const photo = await photoOf(['#c00000']);
  expect(await add(photo, 'Ada Lovelace')).toEqual({
    person: { id: 'ada-lovelace', name: 'Ada Lovelace' },
    photo: 'ada-lovelace.png',
    outcome: 'added',
  });
  expect(await readFile(join(folder, 'ada-lovelace.png'))).toEqual(photo);
  expect(await readdir(folder)).toEqual(['ada-lovelace.png']);
});

it('takes the name from the file where none is given', async () => {
  expect(await add(await photoOf(['#c00000']), undefined, 'skuli (2).png')).toMatchObject({
    photo: 'skuli.png',
  });
});

it.each(['McDonald', 'Anne-Marie Olsen', 'José María', 'Dr. No', 'ada'])(
  'lets %s be read back',
  async (name) => {
    const { person } = await add(await photoOf(['#c00000']), name);
    expect(person.name.toLowerCase()).toBe(name.toLowerCase());
    if (name !== 'ada') expect(person.name).toBe(name);
  },
);

it('never overwrites another photo, even when several are added at once', async () => {
  const photos = await Promise.all([0, 1, 2, 3].map((salt) => photoOf(['#c00000'], { salt })));
  const added = await Promise.all(photos.map((photo, n) => add(photo, 'Skuli', `IMG_${n}.png`)));
  expect(new Set(added.map(({ photo }) => photo))).toEqual(
    new Set(['skuli.png', 'skuli.2.png', 'skuli.3.png', 'skuli.4.png']),
  );
  expect(added.map(({ person }) => person.id)).toEqual(Array(4).fill('skuli'));
  for (const [n, { photo }] of added.entries())
    expect(await readFile(join(folder, photo))).toEqual(photos[n]);
});

it('does nothing for a photo that is there already', async () => {
  const photo = await photoOf(['#c00000']);
  await add(photo, 'Skuli');
  expect(await add(photo, 'skuli')).toMatchObject({ photo: 'skuli.png', outcome: 'present' });
  expect(await readdir(folder)).toHaveLength(1);
});

it('adds to the folder of a person who has one', async () => {
  await mkdir(join(folder, 'Ada_Lovelace'), { recursive: true });
  await writeFile(join(folder, 'Ada_Lovelace', 'front.png'), await photoOf(['#00c000']));
  expect(await add(await photoOf(['#c00000']), 'Ada Lovelace')).toMatchObject({
    person: { id: 'ada-lovelace' },
    photo: 'Ada_Lovelace/ada-lovelace.png',
  });
});

it('copies nothing that would be refused', async () => {
  await expect(add(await photoOf([]), 'Skuli')).rejects.toMatchObject({ code: 'PHOTO_NO_FACE' });
  await expect(add('text', 'Skuli')).rejects.toMatchObject({ code: 'PHOTO_CORRUPT' });
  await expect(add(await photoOf(['#c00000']), 'Skuli', 'a.gif')).rejects.toMatchObject({
    code: 'PHOTO_UNREADABLE',
  });
  await expect(readdir(folder)).rejects.toThrow();
});

it.each(['..', '/', '', 'con', '.'])('takes %j for no name', async (name) => {
  await expect(add(await photoOf(['#c00000']), name)).rejects.toMatchObject({ code: 'USAGE' });
});

it('lets no name leave the folder', async () => {
  const { photo } = await add(await photoOf(['#c00000']), '../../etc/passwd');
  expect(photo).toBe('etc-passwd.png');
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseFace } from '../../server/identities/choose-face.js';
import { enrol, readPhoto } from '../../server/identities/enrol.js';
import { readPicture } from '../../server/identities/read-picture.js';
import { embeddingOf } from '../fixtures/enrolled-person.js';
import { faceAt, photoOf, rectangleRecogniser } from './drawn-photo.js';

const code = (expected: string, message = '') => ({
  code: expected,
  message: expect.stringContaining(message) as string,
  remedy: expect.stringMatching(/\w/u) as string,
});

describe('enrol', () => {
  const enrolled = async (bytes: Uint8Array, minFace = 80) =>
    enrol(bytes, { recognise: rectangleRecogniser().recognise, minFace });

  it.each(['jpeg', 'png', 'webp', 'avif'] as const)('embeds the one face of a %s', async (format) => {
    expect(await enrolled(await photoOf(['#c00000'], { format }))).toEqual(embeddingOf('3,0,0'));
  });

  it('refuses a photo without a face', async () => {
    await expect(enrolled(await photoOf([]))).rejects.toMatchObject(code('PHOTO_NO_FACE'));
  });

  it('refuses a photo of several people and says how many', async () => {
    const photo = await photoOf(['#c00000', '#00c000', '#0000c0']);
    await expect(enrolled(photo)).rejects.toMatchObject(code('PHOTO_SEVERAL_FACES', '3 faces'));
  });

  it('refuses a face that is too small and says both sizes', async () => {
    await expect(enrolled(await photoOf(['#c00000'], { face: 41 }))).rejects.toMatchObject(
      code('PHOTO_FACE_TOO_SMALL', 'px, needs 80'),
    );
  });
});

describe('the face of a photo', () => {
  it('is the main one where the others stand far behind', () => {
    const main = faceAt(0, 200, 'main');
    expect(chooseFace([faceAt(300, 80, 'back'), main, faceAt(400, 30, 'back')], 80)).toBe(main);
  });

  it('is nobody where a second one is more than 0.4 times as wide', () => {
    expect(() => chooseFace([faceAt(0, 200, 'one'), faceAt(300, 81, 'other')], 80)).toThrow('2 faces');
  });
});

describe('reading a photo', () => {
  it('refuses a cut-off JPEG, at any length', async () => {
    const photo = await photoOf(['#c00000'], { format: 'jpeg' });
    for (const part of [0.02, 0.3, 0.6, 0.95]) {
      await expect(readPicture(photo.subarray(0, photo.length * part))).rejects.toMatchObject(
        code('PHOTO_CORRUPT'),
      );
    }
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'PHOTO_CORRUPT'],
    ['text', Buffer.from('not a picture at all'), 'PHOTO_CORRUPT'],
    [
      'an SVG, which could read other files',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      'PHOTO_CORRUPT',
    ],
    [
      'noise behind a JPEG signature',
      Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(5000, 7)]),
      'PHOTO_CORRUPT',
    ],
    ['HEIC under any name', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), 'PHOTO_UNREADABLE'],
  ])('refuses %s', async (_, bytes, expected) => {
    await expect(readPicture(bytes)).rejects.toMatchObject(code(expected));
  });

  it('refuses a decompression bomb by its size alone', async () => {
    const bomb = await sharp({ create: { width: 14_000, height: 10_000, channels: 3, background: '#fff' } })
      .png({ compressionLevel: 9 })
      .toBuffer();
    expect(bomb.length).toBeLessThan(1_000_000);
    const before = process.memoryUsage.rss();
    await expect(readPicture(bomb)).rejects.toMatchObject(code('PHOTO_UNREADABLE', 'million pixels'));
    expect(process.memoryUsage.rss() - before).toBeLessThan(50_000_000);
  });

  it('turns the picture as its EXIF says', async () => {
    const upright = await photoOf(['#c00000'], { format: 'jpeg' });
    const turned = await sharp(upright).rotate(90).withMetadata({ orientation: 8 }).jpeg().toBuffer();
    expect(await readPicture(turned)).toMatchObject({ width: 640, height: 240 });
  });

  it('shrinks what is very large, and keeps the rest as it is', async () => {
    const large = await photoOf(['#c00000'], { width: 5120 });
    expect(await readPicture(large)).toMatchObject({ width: 2560, height: 120 });
    expect(await readPicture(await photoOf([]))).toMatchObject({ width: 640, height: 240 });
  });

  it.each([
    ['grey', (image: Sharp) => image.greyscale().toColourspace('b-w').png()],
    ['grey with transparency', (image: Sharp) => image.ensureAlpha(0).greyscale().png()],
    ['16 bit', (image: Sharp) => image.toColourspace('rgb16').png()],
    ['CMYK', (image: Sharp) => image.toColourspace('cmyk').jpeg()],
  ])('makes RGB of %s', async (_, convert) => {
    const bytes = await convert(sharp(await photoOf(['#c00000']))).toBuffer();
    const picture = await readPicture(bytes);
    expect(picture.pixels).toHaveLength(640 * 240 * 3);
    expect(Math.max(...picture.pixels.subarray(0, 3000))).toBeGreaterThan(240);
  });
});

describe('a photo file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-photo-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is hashed', async () => {
    await writeFile(join(folder, 'a.jpg'), 'abc');
    expect((await readPhoto(join(folder, 'a.jpg'))).sha256).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('is unreadable where it is missing or a folder', async () => {
    await expect(readPhoto(join(folder, 'none.jpg'))).rejects.toMatchObject(
      code('PHOTO_UNREADABLE', 'not there'),
    );
    await expect(readPhoto(folder)).rejects.toMatchObject(code('PHOTO_UNREADABLE', 'EISDIR'));
  });
});

import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { GatehouseError } from '../base/errors.js';
import type { Face } from '../faces/face.js';
import type { Picture } from '../frames/frame.js';
import { chooseFace } from './choose-face.js';
import { MAX_PHOTO_BYTES, readPicture } from './read-picture.js';

/** Finds and embeds the faces of one picture; a photo is all there is of a person, so it should look thoroughly. */
export type RecognisePhoto = (picture: Picture) => Promise<Face[]>;

/**
 * The face of one photo as an embedding, EMBEDDING_LENGTH numbers.
 *
 * @param minFace width of face that is needed, pixels
 * @throws a refusal: PHOTO_NO_FACE, PHOTO_SEVERAL_FACES, PHOTO_FACE_TOO_SMALL, PHOTO_POOR_QUALITY, PHOTO_CORRUPT,
 *   PHOTO_UNREADABLE; or whatever `recognise` rejects with
 */
export async function enrol(
  bytes: Uint8Array,
  options: { recognise: RecognisePhoto; minFace: number },
): Promise<Float32Array> {
  const picture = await readPicture(bytes);
  const { embedding } = chooseFace(await options.recognise(picture), options.minFace);
  if (!embedding) throw new TypeError('the recognise function that enrolment was handed does not embed');
  // A copy, so that the store never holds on to a whole batch of embeddings.
  return Float32Array.from(embedding);
}

/** A photo's bytes and their SHA-256 in hex. Rejects with PHOTO_UNREADABLE, before reading what is too large. */
export async function readPhoto(path: string): Promise<{ bytes: Buffer; sha256: string }> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    if (size > MAX_PHOTO_BYTES) {
      const limit = MAX_PHOTO_BYTES / 1024 / 1024;
      throw new GatehouseError('PHOTO_UNREADABLE', `the file is larger than ${limit} MB`, 'Save it smaller.');
    }
    const bytes = await file.readFile();
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  } catch (cause) {
    if (cause instanceof GatehouseError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code;
    throw new GatehouseError(
      'PHOTO_UNREADABLE',
      code === 'ENOENT' ? 'the file is not there' : `the file cannot be read (${code ?? String(cause)})`,
      code === 'ENOENT' ? 'Check its path.' : 'Let the user that runs Gatehouse read the file.',
      { cause },
    );
  }
}

import { isAbsolute, join } from 'node:path';
import type { Clock } from '../../base/clock.js';
import { asGatehouseError, GatehouseError, type ErrorCode } from '../../base/errors.js';
import type { Face } from '../../faces/face.js';
import type { Recogniser } from '../../faces/recogniser.js';
import type { Picture } from '../../frames/frame.js';
import { readPhoto } from '../../identities/enrol.js';
import { readPicture } from '../../identities/read-picture.js';
import type { Progress } from '../progress.js';
import { centralFace } from './central-face.js';

/** What became of one picture. */
export type Embedded =
  | { kind: 'face'; embedding: Float32Array; faces: number }
  | { kind: 'no face' }
  | { kind: 'unreadable'; code: ErrorCode; reason: string };

export interface EmbeddedPictures {
  /** By path as given. */
  pictures: Map<string, Embedded>;
  elapsedMs: number;
  /** Of recognising one picture in one worker, all workers busy; without reading it. null without any. */
  medianMs: number | null;
}

/**
 * Embeds each picture once, as many at a time as there are workers; while one is recognised its worker's next is read.
 * A picture that cannot be read is noted and the rest goes on.
 *
 * Rejects with what the engine fails with, and with PHOTO_UNREADABLE where not a single picture is there: then it is
 * the root that is wrong.
 */
export async function embedPictures(
  paths: readonly string[],
  root: string,
  recogniser: Recogniser,
  clock: Clock,
  progress: Progress,
): Promise<EmbeddedPictures> {
  const pictures = new Map<string, Embedded>();
  const times: number[] = [];
  const began = clock.monotonic();
  let taken = 0;
  const readNext = (): { path: string; picture: Promise<Picture | GatehouseError> } | null => {
    if (taken >= paths.length) return null;
    const path = paths[taken++];
    return { path, picture: read(isAbsolute(path) ? path : join(root, path)) };
  };
  const work = async (): Promise<void> => {
    let next = readNext();
    while (next) {
      const { path } = next;
      const picture = await next.picture;
      next = readNext();
      if (picture instanceof GatehouseError)
        pictures.set(path, { kind: 'unreadable', code: picture.code, reason: picture.message });
      else {
        const start = clock.monotonic();
        const [faces] = await recogniser.recognise([picture], { profile: 'photo' });
        times.push(clock.monotonic() - start);
        pictures.set(path, toEmbedded(faces, picture));
      }
      progress.step(pictures.size);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, recogniser.concurrency) }, work));
  if (![...pictures.values()].some(({ kind }) => kind !== 'unreadable')) {
    throw new GatehouseError(
      'PHOTO_UNREADABLE',
      `none of the ${paths.length} pictures can be read; the first is looked for at ${join(root, paths[0] ?? '')}`,
      'Let --root name the folder that the paths in the list start from.',
    );
  }
  times.sort((a, b) => a - b);
  return {
    pictures,
    elapsedMs: clock.monotonic() - began,
    medianMs: times.length === 0 ? null : times[times.length >> 1],
  };
}

/** A picture, or why it cannot be read: never rejects, for it is awaited later than it is begun. */
async function read(path: string): Promise<Picture | GatehouseError> {
  try {
    return await readPicture((await readPhoto(path)).bytes);
  } catch (thrown) {
    return asGatehouseError(thrown, 'PHOTO_UNREADABLE', 'Look at the file.');
  }
}

function toEmbedded(faces: readonly Face[], picture: Picture): Embedded {
  const face = centralFace(faces, picture);
  if (face === null) return { kind: 'no face' };
  // Poor faces are embedded unless told otherwise, and it is not.
  if (face.embedding === null) throw new TypeError('a face came back without its embedding');
  // A copy, so that no whole batch of embeddings is held on to.
  return { kind: 'face', embedding: Float32Array.from(face.embedding), faces: faces.length };
}

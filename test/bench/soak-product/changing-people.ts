import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { demoPeople } from '../../../server/demo/people.js';
import { portraitPicture } from '../../fixtures/portrait.js';

export interface ChangingPeople {
  /** Photos that were put in or taken out. */
  readonly changes: number;
  close(): Promise<void>;
}

/**
 * The first four of the drawn people stay enrolled; of the others every `everyMs` one photo is put into the folder or taken
 * out, whole or not at all, as a file manager does.
 */
export async function changingPeople(folder: string, everyMs: number): Promise<ChangingPeople> {
  const photos = new Map<string, Buffer>();
  for (const { id } of demoPeople) {
    const { width, height, pixels } = await portraitPicture(id);
    const raw = sharp(pixels, { raw: { width, height, channels: 3 } });
    photos.set(id, await raw.jpeg({ quality: 95 }).toBuffer());
  }
  const enrolled = new Set<string>();
  const put = async (id: string): Promise<void> => {
    const path = join(folder, `${id}.jpg`);
    await writeFile(`${path}.part`, photos.get(id)!);
    await rename(`${path}.part`, path);
    enrolled.add(id);
  };
  const [, , , , ...coming] = demoPeople.map(({ id }) => id);
  for (const { id } of demoPeople.slice(0, 4)) await put(id);
  let changes = 0;
  let latest: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    const id = coming[changes % coming.length];
    changes += 1;
    latest = enrolled.delete(id) ? rm(join(folder, `${id}.jpg`)) : put(id);
  }, everyMs);
  return {
    get changes() {
      return changes;
    },
    async close() {
      clearInterval(timer);
      await latest;
    },
  };
}

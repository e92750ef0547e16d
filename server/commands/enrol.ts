import { join } from 'node:path';
import { asGatehouseError } from '../base/errors.js';
import { silentLog } from '../base/log.js';
import { readConfig } from '../config/read-config.js';
import { startRecogniser } from '../faces/start-recogniser.js';
import { addPhoto } from '../identities/add-photo.js';
import { enrol as checkPhoto, readPhoto } from '../identities/enrol.js';
import { MIN_ENROLMENT_FACE } from '../compose/people.js';
import type { CommonOptions } from './options.js';

/**
 * `gatehouse enrol`: each photo is checked and copied into the people folder, where a running server sees it.
 * One that is refused does not keep the others out; the exit code is then that of the first refusal.
 */
export async function enrol(
  photos: readonly string[],
  options: CommonOptions & { name?: string; dryRun?: boolean },
): Promise<number> {
  const config = await readConfig(options.config, process.env);
  const recogniser = await startRecogniser({
    ...config.recognition,
    workers: 1,
    modelsFolder: join(options.data, 'models'),
    enginesFile: join(options.data, 'engines.json'),
    log: silentLog,
  });
  let exitCode = 0;
  try {
    const task = {
      recognise: async (picture: Parameters<typeof recogniser.recognise>[0][number]) =>
        (await recogniser.recognise([picture], { profile: 'photo' }))[0],
      minFace: MIN_ENROLMENT_FACE,
    };
    for (const [index, photo] of photos.entries()) {
      const place = photos.length > 1 ? `[${index + 1}/${photos.length}] ` : '';
      try {
        process.stdout.write(`${place}${photo}: ${await take(photo, task)}\n`);
      } catch (thrown) {
        const error = asGatehouseError(thrown);
        process.stdout.write(`${place}${photo}: refused, ${error.code}: ${error.advice}\n`);
        exitCode ||= error.exitCode;
      }
    }
  } finally {
    await recogniser.close();
  }
  return exitCode;

  async function take(photo: string, task: Parameters<typeof checkPhoto>[1]): Promise<string> {
    if (options.dryRun) {
      await checkPhoto((await readPhoto(photo)).bytes, task);
      return 'can be enrolled';
    }
    const added = await addPhoto({
      photo,
      folder: config.people,
      ...task,
      ...(options.name === undefined ? {} : { name: options.name }),
    });
    const where = join(config.people, added.photo);
    return added.outcome === 'present'
      ? `${added.person.name} has this photo already (${where})`
      : `${added.person.name} is enrolled from ${where}`;
  }
}

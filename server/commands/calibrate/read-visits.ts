import { join } from 'node:path';
import { systemClock } from '../../base/clock.js';
import { silentLog } from '../../base/log.js';
import type { Config } from '../../config.js';
import { startRecogniser } from '../../faces/start-recogniser.js';
import {
  readLabelledVisits,
  type LabelProblem,
  type LabelledFace,
} from '../../identities/labelled-visits.js';
import { startProgress, type Progress } from '../progress.js';

/**
 * The faces of labelled visits, embedded from their snapshots by the configured network. A label of somebody who is
 * not enrolled is a problem and not a stranger: a slip of the pen would count as one otherwise.
 *
 * @param enrolled ids of the gallery's people
 */
export async function readVisits(
  csvPath: string,
  data: string,
  recognition: Config['recognition'],
  enrolled: ReadonlySet<string>,
): Promise<{ faces: LabelledFace[]; problems: LabelProblem[] }> {
  const recogniser = await startRecogniser({
    ...recognition,
    workers: 1,
    modelsFolder: join(data, 'models'),
    enginesFile: join(data, 'engines.json'),
    log: silentLog,
  });
  let progress: Progress | null = null;
  try {
    const { faces, problems } = await readLabelledVisits(csvPath, {
      snapshotsFolder: join(data, 'snapshots'),
      recognise: async (picture) => (await recogniser.recognise([picture], { profile: 'photo' }))[0],
      onProgress: (done, total) => {
        progress ??= startProgress('reading visits', total, systemClock);
        progress.step(done);
      },
    });
    const known = faces.filter(({ person }) => person === null || enrolled.has(person));
    const strangers = faces.flatMap(({ visit, person }): LabelProblem[] =>
      person === null || enrolled.has(person)
        ? []
        : [
            {
              line: 0,
              visit,
              code: 'PERSON_UNKNOWN',
              reason: `nobody of the id "${person}" is enrolled`,
              remedy: 'Correct the id; leave it empty for somebody nobody knows.',
            },
          ],
    );
    return { faces: known, problems: [...problems, ...strangers] };
  } finally {
    (progress as Progress | null)?.end();
    await recogniser.close();
  }
}

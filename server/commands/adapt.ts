import { join } from 'node:path';
import { findEmbedder } from '../../models/catalogue.js';
import { systemClock } from '../base/clock.js';
import { GatehouseError } from '../base/errors.js';
import { silentLog } from '../base/log.js';
import { readConfig } from '../config/read-config.js';
import type { Config } from '../config.js';
import { startRecogniser } from '../faces/start-recogniser.js';
import {
  adaptationFolder,
  embeddingSpace,
  undoAdaptation,
  writeAdaptation,
  type Adaptation,
} from '../identities/adaptation.js';
import { readLabelledVisits, type LabelledVisits } from '../identities/labelled-visits.js';
import { readPeople } from '../identities/stores/read-people.js';
import { decide } from '../training/decide.js';
import { learnInThread } from '../training/learn-in-thread.js';
import { gatherFaces } from './adapt/gather-faces.js';
import { printLearned } from './adapt/print-learned.js';
import type { CommonOptions } from './options.js';
import { startProgress } from './progress.js';

export interface AdaptOptions extends CommonOptions {
  /** CSV of visit,person lines. */
  visits?: string;
  /** As typed. */
  far: string;
  /** As typed. */
  seed: string;
  dryRun?: boolean;
  undo?: boolean;
  json?: boolean;
}

/**
 * `gatehouse adapt`: learns a projection of the network's embeddings from the people of this gallery, says what it is
 * worth, and keeps it where it is worth something. A running server takes it up at its next start; the store's
 * embeddings stay as they are.
 */
export async function adapt(options: AdaptOptions): Promise<number> {
  const config = await readConfig(options.config, process.env);
  const entry = await findEmbedder(config.recognition.network, join(options.data, 'models'));
  const { name, identity: network = name, embedding } = entry;
  const folder = adaptationFolder(options.data);
  if (options.undo) {
    const left = await undoAdaptation(folder, network);
    say(
      options,
      { network, undone: true, left },
      left === 'none'
        ? `${network}: the adaptation is dropped; faces are compared as the network embeds them.`
        : `${network}: the adaptation is dropped; the one before it is used again.`,
    );
    return 0;
  }
  const far = numberFrom(
    '--far',
    options.far,
    (value) => value > 0 && value < 1,
    'a share between 0 and 1, such as 0.001',
  );
  const seed = numberFrom('--seed', options.seed, Number.isSafeInteger, 'a whole number');

  const visits = await labelled(config, options);
  const { length } = embedding;
  const { faces, ...counts } = gatherFaces(
    await readPeople(options.data),
    visits.faces,
    { network, length },
    seed,
  );
  if (counts.leftOut > 0)
    process.stderr.write(`${counts.leftOut} faces are left out, for more would take too long.\n`);
  const progress = startProgress('learning', 100, systemClock);
  const learned = await learnInThread(faces, { far, seed, threshold: embedding.defaultThreshold }, (part) =>
    progress.step(Math.round(part * 100)),
  ).finally(() => progress.end());
  const decision = decide(learned);

  const { matrix, known, unseen, epochs } = learned;
  const adaptation: Adaptation = {
    network,
    matrix,
    learnedAt: new Date(systemClock.wall()).toISOString(),
    seed,
    people: counts.people,
    faces: faces.people.length,
    epochs,
    known,
    unseen,
  };
  const written = decision.adopted && !options.dryRun;
  if (written) await writeAdaptation(folder, adaptation);
  if (options.json) {
    const { matrix: _, ...figures } = adaptation;
    const space = embeddingSpace(network, adaptation);
    say(options, {
      ...figures,
      space,
      several: counts.several,
      leftOut: counts.leftOut,
      folds: learned.folds,
      ...decision,
      written,
      problems: visits.problems,
    });
    return 0;
  }
  process.stdout.write(
    `${network}: ${faces.people.length} faces of ${counts.people} people, ${counts.several} of them with several.\n`,
  );
  printLearned(learned, decision);
  process.stdout.write(
    written
      ? 'The adaptation is kept and takes effect at the next start of the server. gatehouse adapt --undo takes it back.\n'
      : decision.adopted
        ? 'It would be kept; without --dry-run it is.\n'
        : 'Nothing was changed.\n',
  );
  return 0;
}

/** The faces of labelled visits; what cannot be used is told on standard error and keeps nothing else out. */
async function labelled(config: Config, options: AdaptOptions): Promise<LabelledVisits> {
  if (options.visits === undefined) return { faces: [], problems: [] };
  const recogniser = await startRecogniser({
    ...config.recognition,
    workers: 1,
    modelsFolder: join(options.data, 'models'),
    enginesFile: join(options.data, 'engines.json'),
    log: silentLog,
  });
  let progress: ReturnType<typeof startProgress> | null = null;
  try {
    const visits = await readLabelledVisits(options.visits, {
      snapshotsFolder: join(options.data, 'snapshots'),
      recognise: async (picture) => (await recogniser.recognise([picture], { profile: 'photo' }))[0],
      onProgress(done, total) {
        progress ??= startProgress('visits', total, systemClock);
        progress.step(done);
      },
    });
    for (const { line, code, reason, remedy } of visits.problems)
      process.stderr.write(`${options.visits}:${line}: ${code}: ${reason}. ${remedy}\n`);
    return visits;
  } finally {
    (progress as ReturnType<typeof startProgress> | null)?.end();
    await recogniser.close();
  }
}

function numberFrom(name: string, typed: string, isRight: (value: number) => boolean, what: string): number {
  const value = typed.trim() === '' ? Number.NaN : Number(typed);
  if (isRight(value)) return value;
  throw new GatehouseError('USAGE', `${name} ${typed} is no such number`, `Give ${what}.`);
}

function say(options: AdaptOptions, json: object, text = ''): void {
  process.stdout.write(options.json ? `${JSON.stringify(json, null, 2)}\n` : `${text}\n`);
}

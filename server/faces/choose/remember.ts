import { readFile } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { engineNames } from '../engine.js';
import type { Circumstances } from './machine.js';
import type { Trial } from './trial.js';

/** One measurement of all engines. */
export interface Measurement {
  /** ISO 8601. */
  measuredAt: string;
  trials: Trial[];
}

/** The measurement that is kept in the file for these circumstances; null where there is none that can be read. */
export async function recall(file: string, here: Circumstances): Promise<Measurement | null> {
  try {
    const kept = JSON.parse(await readFile(file, 'utf8')) as Measurement & { circumstances: unknown };
    if (JSON.stringify(kept.circumstances) !== JSON.stringify(here)) return null;
    return typeof kept.measuredAt === 'string' && kept.trials.every(isTrial) ? kept : null;
  } catch {
    // Missing, torn or somebody else's: it is measured again, which costs a few seconds.
    return null;
  }
}

/** Keeps a measurement. A file that cannot be written only means that the next start measures again. */
export async function remember(file: string, here: Circumstances, measurement: Measurement): Promise<void> {
  const kept = { circumstances: here, ...measurement };
  await writeFileAtomic(file, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 }).catch(() => undefined);
}

function isTrial(value: Partial<Trial> | null): value is Trial {
  if (!value || !engineNames.includes(value.name as Trial['name'])) return false;
  if (value.version === null) return typeof value.reason === 'string';
  return typeof value.version === 'string' && [value.msPerFace, value.drift].every(Number.isFinite);
}

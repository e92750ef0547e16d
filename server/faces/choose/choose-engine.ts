import { findEmbedder } from '../../../models/catalogue.js';
import type { Embedding } from '../../../models/catalogue-entry.js';
import { GatehouseError } from '../../base/errors.js';
import type { EngineName } from '../engine.js';
import { circumstances } from './machine.js';
import { recall, remember, type Measurement } from './remember.js';
import { tryEngines, type Trial, type TrialSetup } from './trial.js';

/** What `auto` found. */
export interface Choice extends Measurement {
  name: EngineName;
  /** Whether this measurement was made just now. */
  fresh: boolean;
}

export interface ChooseOptions extends TrialSetup {
  /** Worker threads that it will run in. */
  workers: number;
  /** `<data>/engines.json`, where the measurement is kept for the next start; null: it is not. */
  file: string | null;
  /** Measures even where a measurement is kept. */
  anew?: boolean;
  /** Aborting it ends the measuring; nothing is left of it when it rejects. */
  signal?: AbortSignal;
}

/**
 * An embedding may lie this far from where floats would put it, in parts of the network's threshold. Two embeddings that
 * are both off by a fifth of the threshold, each its own way, stand sqrt(1 + 2 / 25) or 4 % further apart at the threshold;
 * real faces are off by 8 % of it at the median, which changes their distances by 1 % (docs/decisions/engines.md).
 */
const MOST_DRIFT = 0.2;

/** Measurements of this process, so that a second recogniser does not measure again. */
const known = new Map<string, Measurement>();

/**
 * Measures every engine with the network on this machine, unless that was done before, and takes the fastest that is
 * accurate enough. Rejects with MODEL_MISSING for a network that was not imported, and with ENGINE_NOT_FOUND where no
 * engine runs.
 */
export async function chooseEngine(options: ChooseOptions): Promise<Choice> {
  const { network, modelsFolder, workers, file, anew = false, signal } = options;
  const { embedding, weights } = await findEmbedder(network, modelsFolder);
  const here = await circumstances(network, weights, modelsFolder);
  const key = JSON.stringify(here);
  let measurement = anew ? null : (known.get(key) ?? (file === null ? null : await recall(file, here)));
  const fresh = measurement === null;
  measurement ??= {
    measuredAt: new Date().toISOString(),
    trials: await tryEngines({ network, modelsFolder }, { ...(signal ? { signal } : {}) }),
  };
  const name = fastest(measurement.trials, mostDrift(embedding), workers);
  if (name === null) {
    const reasons = measurement.trials.map(
      ({ name, reason }) => `${name}: ${reason ?? 'its embeddings are off'}`,
    );
    throw new GatehouseError(
      'ENGINE_NOT_FOUND',
      `No engine runs here: ${reasons.join('; ')}`,
      'Install the dependencies again: npm ci.',
    );
  }
  known.set(key, measurement);
  if (file && fresh) await remember(file, here, measurement);
  return { ...measurement, name, fresh };
}

/** The largest distance by which a network's embedding may be off. */
export function mostDrift({ defaultThreshold }: Pick<Embedding, 'defaultThreshold'>): number {
  return MOST_DRIFT * defaultThreshold;
}

/** null where none is accurate enough. */
export function fastest(trials: readonly Trial[], mostDrift: number, workers: number): EngineName | null {
  let best: { name: EngineName; ms: number } | null = null;
  for (const trial of trials) {
    if (trial.version === null || !(trial.drift <= mostDrift)) continue;
    // All its workers together.
    const ms = trial.msPerFace / Math.min(workers, trial.maxWorkers ?? workers);
    if (best === null || ms < best.ms) best = { name: trial.name, ms };
  }
  return best?.name ?? null;
}

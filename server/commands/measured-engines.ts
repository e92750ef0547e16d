import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { asGatehouseError } from '../base/errors.js';
import { recognitionDefaults, type Config } from '../config.js';
import { readConfig } from '../config/read-config.js';
import { chooseEngine, mostDrift } from '../faces/choose/choose-engine.js';
import type { EngineName } from '../faces/engine.js';
import type { Trial } from '../faces/choose/trial.js';
import type { CommonOptions } from './options.js';

/** What `doctor` tells of the engines. */
export interface EnginesReport {
  /** The network that they were measured with: the configuration's, or the default where there is no good one. */
  network: string;
  /** ISO 8601; null where nothing could be measured. */
  measuredAt: string | null;
  engines: (Trial & { chosen: boolean; why: string })[];
  /** Why there is no table. */
  problem: string | null;
}

/** Every engine with its speed, drift and fate, as they were measured when last needed, or now. */
export async function measuredEngines(options: CommonOptions, anew: boolean): Promise<EnginesReport> {
  const recognition = await readConfig(options.config, process.env).then(
    (config) => config.recognition,
    (): Config['recognition'] => recognitionDefaults(),
  );
  const { network, engine } = recognition;
  const workers = recognition.workers === 'auto' ? availableParallelism() : recognition.workers;
  try {
    const choice = await chooseEngine({
      network,
      pool: 'l2',
      modelsFolder: join(options.data, 'models'),
      workers,
      file: join(options.data, 'engines.json'),
      anew,
    });
    const taken = engine === 'auto' ? choice.name : engine;
    const most = mostDrift({ network });
    return {
      network,
      measuredAt: choice.measuredAt,
      engines: choice.trials.map((trial) => ({
        ...trial,
        chosen: trial.name === taken,
        why: why(trial, { taken, pinned: engine !== 'auto', most }),
      })),
      problem: null,
    };
  } catch (thrown) {
    const { code, message, remedy } = asGatehouseError(thrown);
    return { network, measuredAt: null, engines: [], problem: `${code}: ${message} ${remedy}` };
  }
}

function why(
  trial: Trial,
  { taken, pinned, most }: { taken: EngineName; pinned: boolean; most: number },
): string {
  if (trial.version === null) return trial.reason;
  if (trial.name === taken)
    return pinned ? 'the configuration asks for it' : 'the fastest that is accurate enough';
  if (!(trial.drift <= most)) return `not accurate enough: at most ${most.toFixed(3)} is allowed`;
  return 'can be asked for by name';
}

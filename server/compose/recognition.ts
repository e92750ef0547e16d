import { join } from 'node:path';
import type { Log } from '../base/log.js';
import type { Scope } from '../base/scope.js';
import type { Config } from '../config.js';
import { checkNetwork } from '../config/check-network.js';
import type { Recogniser, WorkerReadings } from '../faces/recogniser.js';
import { startRecogniser } from '../faces/start-recogniser.js';
import { composeAdaptation, type ComposedAdaptation } from './adaptation.js';
import { composeThreshold } from './threshold.js';

export interface ComposedRecognition {
  recogniser: Recogniser & { readonly workers: WorkerReadings };
  adaptation: ComposedAdaptation;
  /** Of every camera that has none of its own. */
  threshold: number;
  /** In the operator's words. */
  problems(): (string | null)[];
}

/** What recognises faces, and how near two of them have to be. Resolves with the first worker; the others follow. */
export async function composeRecognition(parts: {
  config: Config;
  data: string;
  log: Log;
  /** Aborted when everything stops: nothing more is compiled then. */
  signal: AbortSignal;
  scope: Scope;
}): Promise<ComposedRecognition> {
  const { config, data, log, signal, scope } = parts;
  const modelsFolder = join(data, 'models');
  await checkNetwork(config, modelsFolder);
  const recogniser = await startRecogniser({
    ...config.recognition,
    modelsFolder,
    enginesFile: join(data, 'engines.json'),
    log,
    signal,
    early: true,
  });
  await scope.add('recogniser', () => recogniser.close());
  log.info({ engine: recogniser.description, network: recogniser.network }, 'recognition is ready');
  const adaptation = await composeAdaptation(data, recogniser.network, recogniser.embeddingLength, log);
  const { threshold, problem } = await composeThreshold(
    data,
    { network: adaptation.space, defaultThreshold: recogniser.defaultThreshold },
    log,
  );
  return {
    recogniser,
    adaptation,
    threshold,
    problems: () => [recogniser.failing, problem, adaptation.problem],
  };
}

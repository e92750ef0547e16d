import { parentPort, workerData } from 'node:worker_threads';
import { findEmbedder, readNetwork } from '../../models/catalogue.js';
import { asGatehouseError } from '../base/errors.js';
import { chipTemplate } from './align.js';
import type { Runner } from './engine.js';
import type { LivenessRunners } from './liveness.js';
import { loadDetectors } from './load-detectors.js';
import { engines } from './open-engine.js';
import { recognise, type Tools } from './recognise.js';
import { reusedMemory } from './scratch.js';
import { StageTimes } from './stage-times.js';
import { END, type Batch, type PlainError, type WorkerMessage, type WorkerSetup } from './worker-messages.js';

// One of the recogniser's workers: opens an engine, compiles the networks, says `ready`, then answers batches one
// after another. Networks block their thread, so nothing else may live here.

const setup = workerData as WorkerSetup;
const port = parentPort!;

// Asked to go while it still compiles, it goes before the next network.
const leaving = new AbortController();
const leave = (message: Batch | typeof END): void => {
  if (message === END) leaving.abort();
};
port.on('message', leave);

try {
  const engine = await engines[setup.engine]({ threads: setup.threads });
  const load = async (name: string): Promise<Runner> => {
    leaving.signal.throwIfAborted();
    const { network, weights, ranges } = await readNetwork(name, setup.modelsFolder);
    return engine.load(network, weights, ranges);
  };
  let livenessRunners: Promise<LivenessRunners> | null = null;
  const scratch = reusedMemory();
  const { embedding } = await findEmbedder(setup.network, setup.modelsFolder);
  const tools: Tools = {
    detectors: await loadDetectors(engine, setup.modelsFolder, scratch),
    detect: setup.detector,
    landmarks: await load('landmarks68'),
    embedder: await load(setup.network),
    quality: setup.quality,
    scratch,
    template: chipTemplate(embedding.alignment, embedding.size),
    liveness: () =>
      (livenessRunners ??= (async () => ({
        antispoof: await load('antispoof'),
        liveness: await load('liveness'),
      }))()),
  };

  leaving.signal.throwIfAborted();
  port.off('message', leave);
  let working: Promise<void> = Promise.resolve();
  port.on('message', (message: Batch | typeof END) => {
    if (message === END) {
      void working.then(() => engine.close()).finally(() => port.close());
      return;
    }
    const times = new StageTimes(message.pictures.length, () => performance.now());
    working = recognise(tools, message.pictures, message.options, times).then(
      (faces) =>
        say({
          kind: 'faces',
          id: message.id,
          faces,
          times: { stages: times.stages, pictures: times.pictures },
        }),
      (thrown: unknown) => say({ kind: 'failed', id: message.id, error: plain(thrown) }),
    );
  });
  say({
    kind: 'ready',
    engine: engine.name,
    version: engine.version,
    maxWorkers: engine.maxWorkers ?? null,
    precision: tools.embedder.precision ?? 'float32',
  });
} catch (thrown) {
  if (leaving.signal.aborted) port.close();
  else say({ kind: 'refused', error: plain(thrown) });
}

function say(message: WorkerMessage): void {
  port.postMessage(message);
}

function plain(thrown: unknown): PlainError {
  const { code, message, remedy } = asGatehouseError(thrown, 'ENGINE_FAILED', 'Try another engine.');
  return { code, message, remedy };
}

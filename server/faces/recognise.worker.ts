import { parentPort, workerData } from 'node:worker_threads';
import { readNetwork, type NetworkName } from '../../models/catalogue.js';
import { asGatehouseError } from '../base/errors.js';
import { dlibChip, openfaceChip } from './align.js';
import type { Runner } from './engine.js';
import { ssdAnchors } from './look-ssd.js';
import { openEngine } from './open-engine.js';
import { recognise, type Tools } from './recognise.js';
import { END, type Batch, type PlainError, type WorkerMessage, type WorkerSetup } from './worker-messages.js';

// One of the recogniser's workers: opens an engine, compiles the networks, says `ready`, then answers batches one
// after another. Networks block their thread, so nothing else may live here.

const setup = workerData as WorkerSetup;
const port = parentPort!;

try {
  const { engine, passedOver } = await openEngine(setup.engine, { threads: setup.threads });
  const load = async (name: NetworkName): Promise<Runner> => {
    const { network, weights } = await readNetwork(name, setup.modelsFolder, setup.pool);
    return engine.load(network, weights);
  };
  const ssd = await readNetwork('ssd-mobilenet', setup.modelsFolder);
  let tiny: Promise<Runner> | null = null;
  const tools: Tools = {
    detectors: {
      ssd: { runner: await engine.load(ssd.network, ssd.weights), anchors: ssdAnchors(ssd.weights) },
      tiny: () => (tiny ??= load('tiny-detector')),
    },
    detect: setup.detector,
    landmarks: await load('landmarks68'),
    embedder: await load(setup.network),
    quality: setup.quality,
    template: setup.network === 'dlib-resnet' ? dlibChip : openfaceChip,
  };

  let working: Promise<void> = Promise.resolve();
  port.on('message', (message: Batch | typeof END) => {
    if (message === END) {
      void working.then(() => engine.close()).finally(() => port.close());
      return;
    }
    working = recognise(tools, message.pictures, message.options).then(
      (faces) => say({ kind: 'faces', id: message.id, faces }),
      (thrown: unknown) => say({ kind: 'failed', id: message.id, error: plain(thrown) }),
    );
  });
  say({ kind: 'ready', engine: engine.name, version: engine.version, passedOver });
} catch (thrown) {
  say({ kind: 'refused', error: plain(thrown) });
}

function say(message: WorkerMessage): void {
  port.postMessage(message);
}

function plain(thrown: unknown): PlainError {
  const { code, message, remedy } = asGatehouseError(thrown, 'ENGINE_FAILED', 'Try another engine.');
  return { code, message, remedy };
}

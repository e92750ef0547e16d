import type { MessagePort } from 'node:worker_threads';
import { findEmbedder, readNetwork } from '../../models/catalogue.js';
import { asGatehouseError } from '../base/errors.js';
import { chipTemplate } from './align.js';
import { bringPlainly } from './bring.js';
import type { Engine, EngineName, OpenEngine, Runner } from './engine.js';
import { guardEngine } from './guard-engine.js';
import type { LivenessRunners } from './liveness.js';
import { loadDetectors } from './load-detectors.js';
import { NativeStretch } from './native-stretch.js';
import { openPixelMemory, type PixelMemory } from './kernels/pixel-memory.js';
import { recognise, type Tools } from './recognise.js';
import { reusedMemory } from './scratch.js';
import { soundRunner } from './sound-output.js';
import { StageTimes } from './stage-times.js';
import {
  END,
  type Batch,
  type PlainError,
  type RefusedPicture,
  type WorkerMessage,
  type WorkerStart,
} from './worker-messages.js';

/**
 * What one of the recogniser's workers does: opens an engine, compiles the networks, says `ready`, then answers batches
 * one after another until it is told to end. Networks block their thread, so nothing else may live there.
 *
 * @param engines how each engine is opened
 */
export async function serveRecogniser(
  port: MessagePort,
  start: WorkerStart,
  engines: Readonly<Record<EngineName, OpenEngine>>,
): Promise<void> {
  const say = (message: WorkerMessage): void => port.postMessage(message);
  // Asked to go while it still compiles, it goes before the next network.
  const leaving = new AbortController();
  const leave = (message: Batch | typeof END): void => {
    if (message === END) leaving.abort();
  };
  port.on('message', leave);
  try {
    const stretch = new NativeStretch(start.stretch);
    const engine = guardEngine(
      await stretch.run(() => engines[start.engine]({ threads: start.threads })),
      stretch,
    );
    const memory = await openPixelMemory();
    const tools = await loadTools(engine, start, memory, leaving.signal);
    leaving.signal.throwIfAborted();
    port.off('message', leave);
    let working: Promise<void> = Promise.resolve();
    port.on('message', (message: Batch | typeof END) => {
      if (message === END) {
        void working.then(() => engine.close()).finally(() => port.close());
        return;
      }
      const { id, pictures, options } = message;
      const refused: RefusedPicture[] = [];
      const refuse = (index: number, thrown: unknown): void =>
        void refused.push({ index, error: plain(thrown) });
      const times = new StageTimes(pictures.length, () => performance.now());
      working = recognise(tools, pictures, options, { times, refuse }).then(
        (faces) =>
          say({
            ...{ kind: 'faces', id, faces, refused },
            times: { stages: times.stages, pictures: times.pictures },
          }),
        (thrown: unknown) => say({ kind: 'failed', id, error: plain(thrown) }),
      );
    });
    say({
      kind: 'ready',
      engine: engine.name,
      version: engine.version,
      maxWorkers: engine.maxWorkers ?? null,
      precision: tools.embedder.precision ?? 'float32',
      kernels: memory !== null,
    });
  } catch (thrown) {
    if (leaving.signal.aborted) port.close();
    else say({ kind: 'refused', error: plain(thrown) });
  }
}

async function loadTools(
  engine: Engine,
  { modelsFolder, network: name, detector, quality }: WorkerStart,
  memory: PixelMemory | null,
  leaving: AbortSignal,
): Promise<Tools> {
  const load = async (name: string): Promise<Runner> => {
    leaving.throwIfAborted();
    const { network, weights, ranges } = await readNetwork(name, modelsFolder);
    return engine.load(network, weights, ranges);
  };
  const scratch = memory?.scratch ?? reusedMemory();
  let livenessRunners: Promise<LivenessRunners> | null = null;
  const { embedding } = await findEmbedder(name, modelsFolder);
  return {
    detectors: await loadDetectors(engine, modelsFolder, scratch, (runner) =>
      soundRunner(runner, 'detection'),
    ),
    detect: detector,
    landmarks: await load('landmarks68'),
    embedder: await load(name),
    quality,
    scratch,
    bring: memory?.bring ?? bringPlainly(),
    template: chipTemplate(embedding.alignment, embedding.size),
    liveness: () =>
      (livenessRunners ??= (async () => ({
        antispoof: await load('antispoof'),
        liveness: await load('liveness'),
      }))()),
  };
}

function plain(thrown: unknown): PlainError {
  const { code, message, remedy } = asGatehouseError(thrown, 'ENGINE_FAILED', 'Try another engine.');
  return { code, message, remedy };
}

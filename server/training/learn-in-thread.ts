import { Worker } from 'node:worker_threads';
import { GatehouseError } from '../base/errors.js';
import { workerBeside } from '../base/worker.js';
import type { TrainingFaces } from './faces.js';
import type { Learned, LearnOptions } from './learn-adaptation.js';
import type { LearnMessage, LearnTask } from './worker-messages.js';

/**
 * `learnAdaptation` in a thread of its own, which ends with it: TensorFlow.js blocks whichever thread it is on.
 *
 * @param onProgress the part that is done, 0..1
 * @throws GatehouseError ENGINE_NOT_FOUND, ENGINE_FAILED
 */
export async function learnInThread(
  faces: TrainingFaces,
  options: LearnOptions,
  onProgress: (part: number) => void = () => undefined,
): Promise<Learned> {
  const task: LearnTask = { faces, options };
  const worker = new Worker(workerBeside(import.meta.url, './learn.worker'), { workerData: task });
  try {
    return await new Promise<Learned>((resolve, reject) => {
      const died = (cause?: unknown): void =>
        reject(
          new GatehouseError(
            'ENGINE_FAILED',
            `the learning thread died: ${cause instanceof Error ? cause.message : 'it ended without a word'}`,
            'Try again; report it if it comes again.',
            { cause },
          ),
        );
      worker.on('message', (message: LearnMessage) => {
        if (message.kind === 'progress') onProgress(message.part);
        else if (message.kind === 'learned') resolve(message.learned);
        else reject(new GatehouseError(message.error.code, message.error.message, message.error.remedy));
      });
      worker.once('error', died);
      worker.once('exit', () => died());
    });
  } finally {
    await worker.terminate();
  }
}

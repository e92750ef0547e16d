import { parentPort, workerData } from 'node:worker_threads';
import { asGatehouseError } from '../base/errors.js';
import { learnAdaptation } from './learn-adaptation.js';
import { openTensorflow } from './open-tensorflow.js';
import type { LearnMessage, LearnTask } from './worker-messages.js';

const say = (message: LearnMessage): void => parentPort!.postMessage(message);

try {
  const { faces, options } = workerData as LearnTask;
  await openTensorflow();
  say({
    kind: 'learned',
    learned: learnAdaptation(faces, options, (part) => say({ kind: 'progress', part })),
  });
} catch (thrown) {
  const { code, message, remedy } = asGatehouseError(
    thrown,
    'ENGINE_FAILED',
    'Try again; report it if it comes again.',
  );
  say({ kind: 'failed', error: { code, message, remedy } });
}

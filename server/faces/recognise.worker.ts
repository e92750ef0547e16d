import { parentPort, workerData } from 'node:worker_threads';
import { standBack } from '../base/stand-back.js';
import { engines } from './open-engine.js';
import { serveRecogniser } from './serve-recogniser.js';
import type { WorkerStart } from './worker-messages.js';

// One of the recogniser's workers. Threads that its engine starts have its priority.
standBack();
await serveRecogniser(parentPort!, workerData as WorkerStart, engines);

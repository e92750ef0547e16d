import { parentPort, workerData } from 'node:worker_threads';
import { engines } from './open-engine.js';
import { serveRecogniser } from './serve-recogniser.js';
import type { WorkerStart } from './worker-messages.js';

// One of the recogniser's workers.
await serveRecogniser(parentPort!, workerData as WorkerStart, engines);

// Preloaded in development and tests only: lets worker threads run the TypeScript sources directly.
import { isMainThread } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

if (!isMainThread) register();

// Preloaded in development and tests only: lets worker threads run the TypeScript sources directly, and compiles the kernels that
// they load from beside the sources.
import { isMainThread } from 'node:worker_threads';
import { register } from 'tsx/esm/api';
import { buildKernels } from './build-kernels.mjs';

if (isMainThread) await buildKernels();
else register();

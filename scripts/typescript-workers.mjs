// Preloaded in development and tests only: lets worker threads run the TypeScript sources directly, and compiles the kernels that
// they load from beside the sources.
import { isMainThread } from 'node:worker_threads';
import { buildKernels } from './build-kernels.mjs';

if (isMainThread) await buildKernels();
// Loaded only where it is needed: it takes longer to load than many a test takes.
else (await import('tsx/esm/api')).register();

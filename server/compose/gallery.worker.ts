import { parentPort, workerData } from 'node:worker_threads';
import { asGatehouseError } from '../base/errors.js';
import { openOnnxMinima } from '../faces/engines/onnx-minima.js';
import { openLoopMinima, ZERO, type OpenBlockMinima } from '../identities/gallery/block-minima.js';
import { openInvertedFile } from '../identities/gallery/inverted-file.js';
import { plain, serveIndex } from '../identities/gallery/serve-index.js';
import type { ThreadSetup } from '../identities/gallery/thread-messages.js';

// The gallery's thread. Products and scans block their thread, so nothing else may live here.

/** onnxruntime where it loads, plain loops where not. */
const openProduct: OpenBlockMinima = async (shape) => {
  try {
    return await openOnnxMinima({ ...shape, zero: ZERO });
  } catch (thrown) {
    if (asGatehouseError(thrown).code !== 'ENGINE_NOT_FOUND') throw thrown;
    return openLoopMinima(shape);
  }
};

const port = parentPort!;
try {
  await serveIndex(port, workerData as ThreadSetup, { openProduct, openNear: openInvertedFile() });
} catch (thrown) {
  port.postMessage({ kind: 'refused', error: plain(thrown) });
}

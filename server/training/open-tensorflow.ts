import * as tf from '@tensorflow/tfjs-core';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { GatehouseError } from '../base/errors.js';

/**
 * Makes TensorFlow.js ready on WebAssembly, which runs wherever Node does and blocks the thread it is on.
 *
 * @throws GatehouseError ENGINE_NOT_FOUND
 */
export async function openTensorflow(): Promise<void> {
  try {
    const require = createRequire(import.meta.url);
    const home = dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
    wasm.setWasmPaths(join(home, 'dist') + sep);
    if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly backend did not start');
    await tf.ready();
  } catch (cause) {
    throw new GatehouseError(
      'ENGINE_NOT_FOUND',
      `TensorFlow.js WASM does not load here: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Install the dependencies again: npm ci.',
      { cause },
    );
  }
}

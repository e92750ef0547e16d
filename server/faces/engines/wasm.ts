import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { GatehouseError } from '../../base/errors.js';
import type { OpenEngine } from '../engine.js';
import { keepRunners } from './keep-runners.js';
import { tensorflowRunner, type Tensorflow } from './tensorflow-ops.js';

/** TensorFlow.js on WebAssembly: runs wherever Node does, on one thread, and blocks it. */
export const openWasm: OpenEngine = async () => {
  let tf: Tensorflow;
  try {
    const require = createRequire(import.meta.url);
    tf = require('@tensorflow/tfjs-core') as Tensorflow;
    const backend = require('@tensorflow/tfjs-backend-wasm') as { setWasmPaths(prefix: string): void };
    backend.setWasmPaths(
      join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist') + sep,
    );
    if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly backend did not start');
    await tf.ready();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatehouseError(
      'ENGINE_NOT_FOUND',
      `TensorFlow.js WASM does not load here: ${reason}`,
      'Install the dependencies again: npm ci.',
      { cause },
    );
  }
  const { load, close } = keepRunners(tf, 'wasm', (plan) => tensorflowRunner(tf, plan));
  return {
    name: 'wasm',
    version: tf.version_core,
    interruptible: true,
    load,
    async close() {
      await close();
      // Frees its memory, and leaves the way to open it again in the same thread.
      const factory = tf.findBackendFactory('wasm');
      tf.removeBackend('wasm');
      tf.registerBackend('wasm', factory);
    },
  };
};

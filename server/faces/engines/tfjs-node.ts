import { createRequire } from 'node:module';
import { GatehouseError } from '../../base/errors.js';
import type { OpenEngine } from '../engine.js';
import { keepRunners } from './keep-runners.js';
import type { Tensorflow } from './tensorflow-ops.js';

/**
 * TensorFlow.js on libtensorflow, an optional package whose install downloads a binary from its vendor. It throws
 * all sorts of things where that binary is missing, so everything that goes wrong here means: not on this machine.
 */
export const openTfjsNode: OpenEngine = async () => {
  let tf: Tensorflow;
  try {
    const require = createRequire(import.meta.url);
    putBack(require('node:util') as Record<string, unknown>);
    tf = require('@tensorflow/tfjs-node') as Tensorflow;
    await tf.ready();
    if (tf.getBackend() !== 'tensorflow') throw new Error(`it offers the backend ${tf.getBackend()} only`);
  } catch (cause) {
    throw new GatehouseError(
      'ENGINE_NOT_FOUND',
      `@tensorflow/tfjs-node does not load here: ${inWords(cause)}`,
      'Install it where its vendor can be reached: npm install @tensorflow/tfjs-node. The other engines do without.',
      { cause },
    );
  }
  return { name: 'tfjs-node', version: tf.version_core, ...keepRunners(tf) };
};

/** Node 23 removed two functions of `util` that tfjs-node 4.22 still calls. */
function putBack(util: Record<string, unknown>): void {
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}

function inWords(cause: unknown): string {
  const error = cause as { code?: unknown; message?: unknown } | null;
  if (error?.code === 'MODULE_NOT_FOUND') return 'it is not installed';
  return String(error?.message ?? cause).split('\n')[0];
}

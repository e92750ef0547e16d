import { createRequire } from 'node:module';
import { GatehouseError } from '../../base/errors.js';
import type { OpenEngine } from '../engine.js';
import { keepRunners } from './keep-runners.js';
import { savedModelRunner, type TensorflowNode } from './saved-model-runner.js';

/**
 * TensorFlow.js on libtensorflow, an optional package whose install downloads a binary from its vendor; where that
 * is out of reach, `npm run tensorflow:native` puts it together. It throws all sorts of things where the binary is
 * missing, so everything that goes wrong here means: not on this machine.
 *
 * Several worker threads may load it: each has a TensorFlow context of its own, and all share one pool of threads
 * for what goes on within an operation, whose size the first to load it decides (see `settle`).
 */
export const openTfjsNode: OpenEngine = async ({ threads }) => {
  let tf: TensorflowNode;
  try {
    const require = createRequire(import.meta.url);
    putBack(require('node:util') as Record<string, unknown>);
    settle(process.env, threads);
    tf = require('@tensorflow/tfjs-node') as TensorflowNode;
    if (!(await tf.setBackend('tensorflow'))) throw new Error('its backend did not start');
  } catch (cause) {
    throw new GatehouseError(
      'ENGINE_NOT_FOUND',
      `@tensorflow/tfjs-node does not load here: ${inWords(cause)}`,
      'Put it in place: npm run tensorflow:native. The other engines do without.',
      { cause },
    );
  }
  const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
  return {
    name: 'tfjs-node',
    version: `${tf.version_core} (TensorFlow ${binding.TF_Version})`,
    ...keepRunners(tf, 'tensorflow', (plan) => savedModelRunner(tf, plan)),
  };
};

/**
 * What libtensorflow reads from the environment, once, when it loads. It reaches the library only from the main
 * thread and from threads that share its environment; elsewhere the library takes every processor.
 *
 * @param threads threads that one operation may use
 */
function settle(environment: NodeJS.ProcessEnv, threads: number): void {
  environment['TF_NUM_INTRAOP_THREADS'] ??= String(threads);
  // Its own log, on stderr, would tell every worker's start; warnings and errors stay.
  environment['TF_CPP_MIN_LOG_LEVEL'] ??= '1';
}

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

import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type { Backend } from '../contender.js';

/** Requires of the packages that the benchmark compares with, wherever npm put them. */
export const require = createRequire(import.meta.url);

/** The parts of TensorFlow.js that the benchmark itself touches. */
export interface Tensorflow {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  getBackend(): string;
  tensor3d(values: Uint8Array | Float32Array, shape: [number, number, number], type?: string): Disposable;
  version_core?: string;
}

export interface Disposable {
  dispose(): void;
}

/** Where the WebAssembly binaries of TensorFlow.js lie. */
export function wasmFolder(): string {
  return join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist') + sep;
}

/** Prepares the TensorFlow.js that a peer will require next. Throws, saying why, where this machine does not have it. */
export function prepareBackend(backend: Backend): void {
  if (backend === 'wasm') {
    const wasm = require('@tensorflow/tfjs-backend-wasm') as { setWasmPaths(prefix: string): void };
    wasm.setWasmPaths(wasmFolder());
    return;
  }
  // Node 23 removed two functions of `util` that tfjs-node 4.22 still calls.
  const util = require('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
  try {
    require('@tensorflow/tfjs-node');
  } catch (cause) {
    const { code, message } = cause as { code?: string; message?: string };
    throw new Error(
      code === 'MODULE_NOT_FOUND' ? '@tensorflow/tfjs-node is not installed' : `tfjs-node: ${message}`,
      { cause },
    );
  }
}

/** Chooses the backend and checks that it is the one that was asked for. */
export async function chooseBackend(tf: Tensorflow, backend: Backend): Promise<void> {
  const wanted = backend === 'wasm' ? 'wasm' : 'tensorflow';
  await tf.setBackend(wanted);
  await tf.ready();
  if (tf.getBackend() !== wanted) throw new Error(`TensorFlow.js offers ${tf.getBackend()}, not ${wanted}`);
}

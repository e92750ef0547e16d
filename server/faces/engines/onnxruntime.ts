import { createRequire } from 'node:module';
import type * as Onnx from 'onnxruntime-node';
import { GatehouseError } from '../../base/errors.js';

export interface Onnxruntime {
  ort: typeof Onnx;
  version: string;
}

/**
 * The library; throws ENGINE_NOT_FOUND where it does not load.
 *
 * Its builds report to their maker unless told not to: they keep an id of the machine in the home folder and call its
 * server. Nothing leaves this machine unasked. The library reads the switch from the environment of the process, which
 * workers share.
 */
export function loadOnnxruntime(): Onnxruntime {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  try {
    const require = createRequire(import.meta.url);
    return {
      ort: require('onnxruntime-node') as typeof Onnx,
      version: (require('onnxruntime-node/package.json') as { version: string }).version,
    };
  } catch (cause) {
    throw new GatehouseError(
      'ENGINE_NOT_FOUND',
      `onnxruntime-node does not load here: ${firstLine(cause)}`,
      'Install it on a platform that it has a binary for: npm install onnxruntime-node.',
      { cause },
    );
  }
}

/** Compiles a model for the CPU. */
export function openSession(
  { ort }: Onnxruntime,
  model: Uint8Array<ArrayBuffer>,
  threads: number,
): Promise<Onnx.InferenceSession> {
  return ort.InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Threads that spin while they wait take the processor from the other workers.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
}

export function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0];
}

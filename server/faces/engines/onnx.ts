import { createRequire } from 'node:module';
import type * as Onnx from 'onnxruntime-node';
import { GatehouseError } from '../../base/errors.js';
import type { Engine, OpenEngine, Runner } from '../engine.js';
import { foldNetwork, type Plan } from './fold.js';
import { writeOnnx } from './write-onnx.js';

/** onnxruntime on the CPU: the fastest of the engines. A run blocks the thread that calls it. */
export const openOnnx: OpenEngine = ({ threads }) => {
  let ort: typeof Onnx;
  let version: string;
  try {
    const require = createRequire(import.meta.url);
    ort = require('onnxruntime-node') as typeof Onnx;
    version = (require('onnxruntime-node/package.json') as { version: string }).version;
  } catch (cause) {
    return Promise.reject(
      new GatehouseError(
        'ENGINE_NOT_FOUND',
        `onnxruntime-node does not load here: ${firstLine(cause)}`,
        'Install it on a platform that it has a binary for: npm install onnxruntime-node.',
        { cause },
      ),
    );
  }
  const runners = new Set<Runner>();
  const engine: Engine = {
    name: 'onnx',
    version,
    async load(network, weights) {
      const plan = foldNetwork(network, weights);
      try {
        const session = await ort.InferenceSession.create(writeOnnx(plan), {
          executionProviders: ['cpu'],
          intraOpNumThreads: threads,
          interOpNumThreads: 1,
          graphOptimizationLevel: 'all',
          logSeverityLevel: 3,
          // Threads that spin while they wait take the processor from the other workers.
          extra: { session: { intra_op: { allow_spinning: '0' } } },
        });
        const runner = runnerOf(ort, session, plan, () => runners.delete(runner));
        runners.add(runner);
        return runner;
      } catch (cause) {
        throw failed(`onnxruntime cannot load ${network.name}`, cause);
      }
    },
    async close() {
      for (const runner of [...runners]) await runner.close();
    },
  };
  return Promise.resolve(engine);
};

function runnerOf(ort: typeof Onnx, session: Onnx.InferenceSession, plan: Plan, closed: () => void): Runner {
  return {
    async run(input, batch, size) {
      const height = plan.input.height ?? size?.height ?? 0;
      const width = plan.input.width ?? size?.width ?? 0;
      try {
        const picture = new ort.Tensor('float32', input, [batch, height, width, 3]);
        const results = await session.run({ picture });
        return session.outputNames.map((name) => results[name].data as Float32Array);
      } catch (cause) {
        throw failed(`onnxruntime failed at ${plan.name}`, cause);
      }
    },
    async close() {
      closed();
      await session.release();
    },
  };
}

function failed(what: string, cause: unknown): GatehouseError {
  return new GatehouseError('ENGINE_FAILED', `${what}: ${firstLine(cause)}`, 'Try another engine.', {
    cause,
  });
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0];
}

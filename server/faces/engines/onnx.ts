import type * as Onnx from 'onnxruntime-node';
import type { Ranges } from '../../../models/ranges.js';
import { GatehouseError } from '../../base/errors.js';
import type { Engine, EngineName, OpenEngine, Runner } from '../engine.js';
import { foldNetwork, type Plan } from './fold.js';
import { firstLine, loadOnnxruntime, openSession, type Onnxruntime } from './onnxruntime.js';
import { writeOnnx, type EightBits } from './write-onnx.js';

/** onnxruntime on the CPU, in 32-bit floats. A run blocks the thread that calls it. */
export const openOnnx: OpenEngine = async ({ threads }) =>
  onnxEngine('onnx', loadOnnxruntime(), threads, () => null);

/**
 * An engine on onnxruntime.
 *
 * @param eightBits how a plan is to be written in 8 bits; null: in floats
 */
export function onnxEngine(
  name: EngineName,
  library: Onnxruntime,
  threads: number,
  eightBits: (plan: Plan, ranges: Ranges | null) => EightBits | null,
): Engine {
  const runners = new Set<Runner>();
  return {
    name,
    version: library.version,
    async load(network, weights, ranges = null) {
      const plan = foldNetwork(network, weights);
      const bits = eightBits(plan, ranges);
      try {
        const session = await openSession(library, writeOnnx(plan, bits), threads);
        const runner = runnerOf(library.ort, session, plan, bits ? 'int8' : 'float32', () =>
          runners.delete(runner),
        );
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
}

function runnerOf(
  ort: typeof Onnx,
  session: Onnx.InferenceSession,
  plan: Plan,
  precision: 'float32' | 'int8',
  closed: () => void,
): Runner {
  return {
    precision,
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

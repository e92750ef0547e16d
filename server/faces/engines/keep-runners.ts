import type { Network } from '../../../models/network.js';
import type { Weights } from '../../../models/weights.js';
import type { Runner } from '../engine.js';
import { foldNetwork, type Plan } from './fold.js';
import type { Tensorflow } from './tensorflow-ops.js';

/**
 * The two verbs of an engine that runs on TensorFlow.js, whichever backend it has; `close` frees every runner.
 *
 * TensorFlow.js has one core in a thread and one backend set in it, the last that anybody set, so an engine that
 * is opened after another would quietly run the other's networks too. Each therefore sets its own before it works.
 *
 * @param backend name of the engine's backend, which is ready
 * @param compile makes a runner of a network
 */
export function keepRunners(
  tf: Tensorflow,
  backend: string,
  compile: (plan: Plan) => Runner | Promise<Runner>,
): {
  load: (network: Network, weights: Weights) => Promise<Runner>;
  close: () => Promise<void>;
} {
  const runners = new Set<Runner>();
  const takeOver = (): void => {
    // A backend that is ready is set before this returns; what it promises is for those that are not.
    if (tf.getBackend() !== backend) void tf.setBackend(backend);
  };
  return {
    async load(network, weights) {
      takeOver();
      const inner = await compile(foldNetwork(network, weights));
      const runner: Runner = {
        run(...call) {
          takeOver();
          return inner.run(...call);
        },
        close() {
          runners.delete(runner);
          return inner.close();
        },
      };
      runners.add(runner);
      return runner;
    },
    async close() {
      for (const runner of [...runners]) await runner.close();
    },
  };
}

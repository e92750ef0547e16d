import type { Network } from '../../../models/network.js';
import type { Weights } from '../../../models/weights.js';
import type { Runner } from '../engine.js';
import { foldNetwork } from './fold.js';
import { tensorflowRunner, type Tensorflow } from './tensorflow-ops.js';

/** The two verbs of an engine that runs on TensorFlow.js, whichever backend it has; `close` frees every runner. */
export function keepRunners(tf: Tensorflow): {
  load: (network: Network, weights: Weights) => Promise<Runner>;
  close: () => Promise<void>;
} {
  const runners = new Set<Runner>();
  return {
    load(network, weights) {
      const runner = tensorflowRunner(tf, foldNetwork(network, weights));
      runners.add(runner);
      return Promise.resolve(runner);
    },
    async close() {
      for (const runner of runners) await runner.close();
      runners.clear();
    },
  };
}

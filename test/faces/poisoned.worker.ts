import { parentPort, workerData } from 'node:worker_threads';
import type { OpenEngine, Runner } from '../../server/faces/engine.js';
import { engines } from '../../server/faces/open-engine.js';
import { serveRecogniser } from '../../server/faces/serve-recogniser.js';
import type { WorkerStart } from '../../server/faces/worker-messages.js';
import { NATIVE_MS, poisonOf } from './poison.js';

// A recogniser's worker whose engines are the real ones, until a picture of one plain colour tells them to fail.

function poisoned(open: OpenEngine): OpenEngine {
  return async (options) => {
    const engine = await open(options);
    return {
      ...engine,
      async load(network, ...rest) {
        const runner = await engine.load(network, ...rest);
        return network.name === 'ssd-mobilenet' ? failing(runner) : runner;
      },
    };
  };
}

function failing(runner: Runner): Runner {
  return {
    ...runner,
    async run(input, batch, size) {
      const poison = poisonOf(input, size!);
      if (poison === 'exit') process.exit(3);
      if (poison === 'hang') for (;;);
      const until = performance.now() + (poison === 'native' ? NATIVE_MS : 0);
      let outputs = await runner.run(input, batch, size);
      while (performance.now() < until) outputs = await runner.run(input, batch, size);
      if (poison === 'nan') outputs[1][7] = NaN;
      if (poison === 'infinity') outputs[0][7] = Infinity;
      return outputs;
    },
  };
}

await serveRecogniser(parentPort!, workerData as WorkerStart, {
  ...engines,
  onnx: poisoned(engines.onnx),
  wasm: poisoned(engines.wasm),
});

import { readNetwork } from '../../../models/catalogue.js';
import { asGatehouseError } from '../../base/errors.js';
import type { EngineName, Runner } from '../engine.js';
import { engines } from '../open-engine.js';
import type { TrialAnswer, TrialSetup } from './trial.js';
import { drawTrialChips } from './trial-chips.js';

// Tries one engine with one network and says how that went. A process of its own: see trial.ts.

const CHIPS = 8;
const BATCH = 4;
/** Time for measuring, ms; the slowest engine gets its few runs all the same. */
const MEASURE_MS = 300;
const LEAST_RUNS = 5;

process.on('disconnect', () => process.exit());
const { name, ...setup } = JSON.parse(process.argv[2]) as TrialSetup & { name: EngineName };
const answer = await attempt().catch((thrown: unknown): TrialAnswer => ({
  reason: asGatehouseError(thrown).message,
}));
process.send!(answer, () => process.exit());

async function attempt(): Promise<TrialAnswer> {
  const engine = await engines[name]({ threads: 1 });
  const { network, weights, ranges } = await readNetwork(setup.network, setup.modelsFolder);
  const runner = await engine.load(network, weights, ranges);
  const { precision = 'float32' } = runner;
  if (name === 'onnx-int8' && precision === 'float32')
    return {
      reason: `${setup.network} has no ranges to run in 8 bits by: it is the same as onnx (docs/decisions/engines.md)`,
    };
  const size = network.input.height!;
  const chips = drawTrialChips(size, CHIPS);
  const embeddings: number[] = [];
  for (let start = 0; start < chips.length; start += BATCH * size * size * 3) {
    const [output] = await runner.run(chips.slice(start, start + BATCH * size * size * 3), BATCH);
    embeddings.push(...output);
  }
  const msPerFace = (await time(runner, chips.slice(0, BATCH * size * size * 3))) / BATCH;
  const { version, maxWorkers = null } = engine;
  return {
    version,
    maxWorkers,
    precision,
    msPerFace,
    embeddings: Float32Array.from(embeddings),
    length: embeddings.length / CHIPS,
  };
}

/** Median of one run, ms. */
async function time(runner: Runner, batch: Float32Array): Promise<number> {
  const times: number[] = [];
  const until = performance.now() + MEASURE_MS;
  while (times.length < LEAST_RUNS || performance.now() < until) {
    const start = performance.now();
    await runner.run(batch, BATCH);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

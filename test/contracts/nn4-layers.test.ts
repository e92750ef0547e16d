import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { facenetNn4, type Nn4Pool } from '../../models/facenet-nn4.js';
import type { Layer, Network } from '../../models/network.js';
import { readWeights, type Weights } from '../../models/weights.js';
import type { Engine } from '../../server/faces/engine.js';
import { importOpenface } from '../../server/faces/import-openface.js';
import { generatedOpenface } from '../models/openface-folder.js';
import { generatedPixels, generatedWeights } from './generated.js';
import { interpret } from './interpret.js';
import { loadedEngines } from './loaded-engines.js';

// FaceNet nn4.small2, layer by layer: every layer of both variants on every engine against plain loops in double precision
// over the same weights. The first layer at which they part is named, which the last one alone would not tell.

const pools: Nn4Pool[] = ['l2', 'average'];
const input = generatedPixels(96 * 96 * 3, 9);
const size = { height: 96, width: 96 };

/** The same network with each of its layers as an output. */
function opened(network: Network): Network {
  return { ...network, outputs: network.layers.map(({ id }) => id) };
}

/** What the interpreter makes of each layer, worked out once for all engines. */
const worked = new Map<string, Float64Array[]>();
function expectedOf(name: string, network: Network, weights: Weights): Float64Array[] {
  const expected = worked.get(name) ?? interpret(network, weights, input, 1, size);
  worked.set(name, expected);
  return expected;
}

/** Every result of an engine against the same of the interpreter: the first that is further off than 1e-4. */
async function firstDifference(
  engine: Engine,
  network: Network,
  weights: Weights,
  expected: Float64Array[],
): Promise<string | null> {
  const runner = await engine.load(network, weights);
  const actual = await runner.run(input, 1);
  await runner.close();
  expect(actual).toHaveLength(network.layers.length);
  for (const [i, layer] of network.layers.entries()) {
    const off = distance(actual[i], expected[i]);
    if (!(off < 1e-4)) return `${i}: ${layer.op} ${weightsOf(layer)}is off by ${off}`;
  }
  return null;
}

function weightsOf(layer: Layer): string {
  const names = layer.op === 'convolution' ? layer.filters : layer.op === 'batchNorm' ? layer.gamma : '';
  return names === '' ? '' : `(${names}) `;
}

/** The largest difference in parts of the layer's own largest value, or NaN where the lengths differ. */
function distance(actual: Float32Array, expected: Float64Array): number {
  if (actual.length !== expected.length) return NaN;
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  let worst = 0;
  actual.forEach((value, i) => {
    const off = Math.abs(value - expected[i]) / largest;
    if (!(off <= worst)) worst = off;
  });
  return worst;
}

const engines = await loadedEngines();
afterAll(() => Promise.all(engines.map((engine) => engine.close())));
const cases = engines.flatMap((engine) => pools.map((pool) => [engine.name, pool, engine] as const));

describe('nn4.small2 layer by layer, generated weights', () => {
  it.each(cases)('%s, %s pools', async (_, pool, engine) => {
    const network = opened(facenetNn4(pool));
    const weights = generatedWeights(network);
    const expected = expectedOf(`generated, ${pool}`, network, weights);
    expect(await firstDifference(engine, network, weights, expected)).toBeNull();
  });

  it('tells where two networks part: a wrong epsilon in the norm of the second convolution', () => {
    const network = opened(facenetNn4());
    const wrong = network.layers.map((layer) =>
      layer.op === 'batchNorm' && layer.gamma === 'bn2_w' ? { ...layer, epsilon: 0.01 } : layer,
    );
    const weights = generatedWeights(network);
    const expected = interpret({ ...network, layers: wrong }, weights, input, 1, size);
    const right = expectedOf('generated, l2', network, weights);
    const first = network.layers.findIndex(
      (_, i) => distance(Float32Array.from(right[i]), expected[i]) > 1e-4,
    );
    expect(network.layers[first]).toMatchObject({ op: 'batchNorm', gamma: 'bn2_w' });
  });
});

const shared = resolve(import.meta.dirname, '../../../shared/data/openface-nn4-small2/weights.tar.gz');
describe.skipIf(!existsSync(shared))('nn4.small2 layer by layer, published weights (needs ../shared)', () => {
  let folder: string;
  let weights: Weights;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-nn4-'));
    execFileSync('tar', ['-xzf', shared, '-C', folder]);
    // Five files are not there; generated ones stand in, so figures of accuracy would say nothing.
    const generated = await generatedOpenface();
    for (const name of ABSENT)
      await cp(join(generated, `${name}.csv`), join(folder, 'weights', `${name}.csv`));
    await importOpenface(folder, join(folder, 'models', 'facenet-nn4'));
    const source = { kind: 'imported', folder: 'facenet-nn4', licence: '', how: '' } as const;
    weights = await readWeights(facenetNn4(), source, join(folder, 'models'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(cases)('%s, %s pools', async (_, pool, engine) => {
    const network = opened(facenetNn4(pool));
    const expected = expectedOf(`published, ${pool}`, network, weights);
    expect(await firstDifference(engine, network, weights, expected)).toBeNull();
  });
});

const ABSENT = [
  'inception_3c_3x3_conv2_w',
  'inception_4e_3x3_conv2_w',
  'inception_5a_1x1_conv_w',
  'inception_5a_3x3_conv2_w',
  'inception_5b_3x3_conv2_w',
];

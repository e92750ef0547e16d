import { afterAll, describe, expect, it } from 'vitest';
import { catalogue, readNetwork } from '../../models/catalogue.js';
import { Description, type Place } from '../../models/describe.js';
import { facenetNn4 } from '../../models/facenet-nn4.js';
import { around, below, type Network } from '../../models/network.js';
import type { Weights } from '../../models/weights.js';
import { asGatehouseError } from '../../server/base/errors.js';
import { mostDrift } from '../../server/faces/choose/choose-engine.js';
import { drawTrialChips } from '../../server/faces/choose/trial-chips.js';
import { engineNames, type Engine } from '../../server/faces/engine.js';
import { measureRanges } from '../../server/faces/engines/measure-ranges.js';
import { engines } from '../../server/faces/open-engine.js';
import { generatedPixels, generatedWeights } from './generated.js';
import { interpret } from './interpret.js';

// One suite for every engine: each gives what the description says, to 1e-4; in 8 bits, to what 8 bits can hold.

interface Case {
  network: Network;
  weights: Weights;
  batch: number;
  size: { height: number; width: number };
  input: Float32Array;
  expected: Float64Array[];
}

function caseOf(
  network: Network,
  weights: Weights,
  batch: number,
  free?: { height: number; width: number },
): Case {
  const size = { height: network.input.height ?? free!.height, width: network.input.width ?? free!.width };
  const input = generatedPixels(batch * size.height * size.width * 3, batch);
  return { network, weights, batch, size, input, expected: interpret(network, weights, input, batch, size) };
}

const packaged = async (name: 'tiny-detector' | 'landmarks68' | 'dlib-resnet' | 'ssd-mobilenet') => {
  const { network, weights } = await readNetwork(name, 'nowhere');
  return [network, weights] as const;
};

const cases: [string, () => Promise<Case> | Case][] = [
  ['every word of the vocabulary, odd sizes', () => caseOf(vocabulary(), generatedWeights(vocabulary()), 2)],
  [
    'tiny-detector, wide',
    async () => caseOf(...(await packaged('tiny-detector')), 1, { height: 96, width: 160 }),
  ],
  [
    'tiny-detector, tall',
    async () => caseOf(...(await packaged('tiny-detector')), 2, { height: 128, width: 64 }),
  ],
  ['landmarks68', async () => caseOf(...(await packaged('landmarks68')), 3)],
  ['dlib-resnet', async () => caseOf(...(await packaged('dlib-resnet')), 2)],
  ['ssd-mobilenet', async () => caseOf(...(await packaged('ssd-mobilenet')), 1, { height: 192, width: 256 })],
  ['facenet-nn4, l2 pools', () => caseOf(facenetNn4('l2'), generatedWeights(facenetNn4('l2')), 2)],
  [
    'facenet-nn4, average pools',
    () => caseOf(facenetNn4('average'), generatedWeights(facenetNn4('average')), 1),
  ],
];
const worked = new Map<string, Promise<Case>>();
const work = (name: string, make: () => Promise<Case> | Case): Promise<Case> => {
  if (!worked.has(name)) worked.set(name, Promise.resolve(make()));
  return worked.get(name)!;
};

for (const name of engineNames) {
  const opened = await engines[name]({ threads: 1 }).catch((thrown: unknown) => asGatehouseError(thrown));
  if (opened instanceof Error) {
    describe(`engine ${name}`, () => {
      it.skip(`is not on this machine: ${opened.message}`, () => {});
      it('says so with a code and a reason', () => {
        expect(opened.code).toBe('ENGINE_NOT_FOUND');
        expect(opened.message).toContain(name);
      });
    });
  } else contract(opened);
}

function contract(engine: Engine): void {
  describe(`engine ${engine.name} ${engine.version}`, () => {
    afterAll(() => engine.close());

    it.each(cases)('%s', async (name, make) => {
      const { network, weights, batch, size, input, expected } = await work(name, make);
      const runner = await engine.load(network, weights);
      const outputs = await runner.run(input, batch, size);
      await runner.close();
      expect(outputs.map((output) => output.length)).toEqual(expected.map((output) => output.length));
      outputs.forEach((output, i) => expect(distance(output, expected[i])).toBeLessThan(1e-4));
    });

    it('keeps embeddings close when it is given ranges to run in 8 bits by', async () => {
      const { network, weights, ranges } = await readNetwork('dlib-resnet', 'nowhere');
      const input = drawTrialChips(150, 2);
      const expected = interpret(network, weights, input, 2, { height: 150, width: 150 });
      const runner = await engine.load(network, weights, ranges);
      const [output] = await runner.run(input, 2);
      await runner.close();
      expect(runner.precision ?? 'float32').toBe(engine.name === 'onnx-int8' ? 'int8' : 'float32');
      const drift = [0, 128].map((start) =>
        Math.hypot(...output.slice(start, start + 128).map((value, i) => value - expected[0][start + i])),
      );
      const allowed = engine.name === 'onnx-int8' ? mostDrift(catalogue['dlib-resnet'].embedding) : 1e-3;
      expect(Math.max(...drift)).toBeLessThan(allowed);
    });

    it('keeps to every word of the vocabulary when it is given ranges', async () => {
      const { network, weights, batch, size, input, expected } = await work(...cases[0]);
      const half = input.length / 2;
      const ranges = await measureRanges(network, weights, [input.slice(0, half), input.slice(half)]);
      const runner = await engine.load(network, weights, ranges);
      const outputs = await runner.run(input, batch, size);
      await runner.close();
      outputs.forEach((output, i) => {
        const widest = expected[i].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const off = output.map((value, k) => Math.abs(value - expected[i][k]) / widest);
        // A step of a range is 1/255 of it, and some ten of them add up.
        const allowed = runner.precision === 'int8' ? 0.05 : 1e-4;
        expect(Math.max(...off)).toBeLessThan(allowed);
      });
    });

    it('gives each picture of a batch what it gets alone', async () => {
      const { network, weights, input } = await work(...cases[4]);
      const runner = await engine.load(network, weights);
      const [both] = await runner.run(input, 2);
      const [second] = await runner.run(input.slice(input.length / 2), 1);
      await runner.close();
      expect(distance(both.slice(128), second)).toBeLessThan(1e-5);
    });

    it('refuses weights that are not all there', async () => {
      const weights = new Map(generatedWeights(facenetNn4()));
      weights.delete('dense_w');
      await expect((async () => engine.load(facenetNn4(), weights))()).rejects.toMatchObject({
        code: 'MODEL_INCOMPLETE',
      });
    });

    it('fails with its code on an input of the wrong length', async () => {
      const { network, weights } = await readNetwork('landmarks68', 'nowhere');
      const runner = await engine.load(network, weights);
      await expect(runner.run(new Float32Array(10), 1)).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
      await runner.close();
    });
  });
}

/** Largest difference, relative where values are larger than 1. */
function distance(output: Float32Array, expected: ArrayLike<number>): number {
  let worst = 0;
  output.forEach((value, i) => {
    const off = Math.abs(value - expected[i]) / Math.max(1, Math.abs(expected[i]));
    if (!(off <= worst)) worst = off;
  });
  return worst;
}

/** Every layer there is, on maps whose sides are odd, with results that two layers use. */
function vocabulary(): Network {
  const net = new Description('vocabulary', {
    height: 23,
    width: 31,
    mean: [120, 110, 100],
    factor: 1 / 128,
  });
  let x = net.convolution(net.picture, 8, { size: 3, stride: 2, padding: 'same', filters: 'a', bias: 'a_b' });
  x = net.leakyRelu(
    net.batchNorm(x, { gamma: 'n_gamma', beta: 'n_b', mean: 'n_m', variance: 'n_variance' }, 1e-3),
    0.1,
  );
  const deep = net.depthwise(x, { size: 3, padding: around(1), filters: 'd', bias: 'd_b' });
  const scaled = net.relu6(net.scale(deep, 's_factor', 's_b'));
  x = net.relu(net.add(scaled, x));
  const pools = [
    net.pool(x, 'maxPool', 3, 2, around(1)),
    net.pool(x, 'averagePool', 2, 2, 'valid'),
    net.pool(x, 'l2Pool', 3, 2, 'valid'),
    net.pool(x, 'maxPool', 2, 2, 'same'),
  ];
  const even = net.concat([pools[0], net.pad(pools[2], below(1)), pools[3]]);
  const odd = net.padChannels(net.pad(pools[1], { top: 1, right: 0, bottom: 2, left: 3 }), 5);
  const rows = net.concat(
    [net.rows(even, 4), net.rows(net.convolution(odd, 8, { size: 1, filters: 'r', bias: 'r_b' }), 4)],
    'rows',
  );
  // A batch norm after something that is no convolution, and one whose convolution is used twice.
  const twice = net.convolution(even, 6, {
    size: 5,
    padding: { top: 1, right: 2, bottom: 2, left: 1 },
    filters: 't',
    bias: 't_b',
  });
  const alone = net.scale(net.add(twice, net.relu(twice)), 'l_factor', 'l_b');
  const flat = net.dense(net.globalAverage(alone), 10, 'f', 'f_b');
  return net.finish([rows, twice, alone, net.l2Normalise(flat), ...further(net, x)]);
}

/** The words that other people's networks need, on a map 12 high and 16 wide. */
function further(net: Description, start: Place): Place[] {
  let x = net.prelu(net.standardise(start, 0.5), 'p_slopes');
  x = net.convolution(x, 6, { size: [1, 7], padding: 'same', filters: 'wide' });
  x = net.convolution(x, 6, { size: [5, 1], stride: 2, filters: 'tall', bias: 'tall_b' });
  // Squeeze and excitation.
  const gate = net.convolution(net.asMap(net.globalAverage(x)), 6, {
    size: 1,
    filters: 'gate',
    bias: 'gate_b',
  });
  const gated = net.multiply(x, net.sigmoid(gate));
  const parts = net.add(net.sliceChannels(gated, 4, 2), net.sliceChannels(gated, 0, 2));
  const flat = net.dense(net.flatten(parts, 4 * 8), 7, 'flat', 'flat_b');
  const normed = net.batchNorm(
    flat,
    { gamma: 'q_gamma', beta: 'q_b', mean: 'q_m', variance: 'q_variance' },
    1e-3,
  );
  const alike = net.multiply(net.relu(normed), net.sigmoid(net.prelu(normed, 'r_slopes')));
  return [gated, net.softmax(parts), parts, net.softmax(alike)];
}

import * as layers from '@tensorflow/tfjs-layers';
import { readFile, rm, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertTfjs, type Preparation } from '../../../models/convert/convert-tfjs.js';
import { readTfjs } from '../../../models/convert/read-tfjs.js';
import type { Engine } from '../../../server/faces/engine.js';
import { generatedPixels } from '../../contracts/generated.js';
import { farthest, loadedEngines } from '../../contracts/loaded-engines.js';
import { writeGraph } from './drawn-graph.js';
import { GraphWriter, saveLayers, shuffleWeights } from './save-model.js';
import { tfjsOutput } from './tfjs-reference.js';

// Models that the test makes with TensorFlow.js, converted, against what TensorFlow.js itself makes of the saved files.

const tf = layers;
const plain: Preparation = { size: 16, channels: 'RGB', normalisation: { mean: 0, factor: 1 / 255 } };
let folder: string;
let engines: Engine[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-tfjs-'));
  engines = await loadedEngines();
});
afterAll(async () => {
  for (const engine of engines) await engine.close();
  await rm(folder, { recursive: true });
});

const pixels = generatedPixels(2 * 16 * 16 * 3, 3);

/** What the picture looks like to the model, as TensorFlow.js is handed it. */
async function sameAsTfjs(
  path: string,
  preparation: Preparation,
  seen: Float32Array,
  output: string | null = null,
): Promise<void> {
  const { network, weights } = convertTfjs('mine', await readTfjs(path), preparation, output, false);
  const expected = await tfjsOutput(path, seen, [2, 16, 16, 3], output ?? undefined);
  expect(new Set(expected).size).toBeGreaterThan(expected.length / 2);
  for (const engine of engines) {
    const runner = await engine.load(network, weights);
    const [actual] = await runner.run(pixels, 2);
    await runner.close();
    expect(actual.length, engine.name).toBe(expected.length);
    expect(farthest(actual, expected), engine.name).toBeLessThan(1e-4);
  }
}

describe('layers models', () => {
  it('a functional one: branches, norms, every activation, gates, a model within, a layer used twice', async () => {
    const picture = tf.input({ shape: [16, 16, 3] });
    const conv = (filters: number, options: object = {}) =>
      tf.layers.conv2d({ filters, kernelSize: 3, padding: 'same', ...options });
    const apply = (layer: layers.layers.Layer, x: layers.SymbolicTensor | layers.SymbolicTensor[]) =>
      layer.apply(x) as layers.SymbolicTensor;

    let x = apply(conv(8, { strides: 2, activation: 'tanh' }), picture);
    x = apply(tf.layers.batchNormalization({ epsilon: 1e-4 }), x);
    x = apply(tf.layers.prelu({ sharedAxes: [1, 2] }), x);
    x = apply(
      tf.layers.zeroPadding2d({
        padding: [
          [1, 2],
          [0, 3],
        ],
      }),
      x,
    );
    x = apply(tf.layers.depthwiseConv2d({ kernelSize: 3, strides: 1, padding: 'valid', useBias: false }), x);
    x = apply(tf.layers.batchNormalization({ scale: false, center: false }), x);
    x = apply(tf.layers.leakyReLU({ alpha: 0.17 }), x);
    const twice = tf.layers.separableConv2d({
      filters: 8,
      kernelSize: [1, 3],
      padding: 'same',
      activation: 'sigmoid',
    });
    const inner = tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [9, 9, 8], filters: 8, kernelSize: 1, activation: 'swish' }),
        tf.layers.reLU({ maxValue: 6 }),
      ],
    });
    const one = apply(twice, x);
    const both = apply(tf.layers.add(), [apply(twice, one), x, apply(inner, x)]);
    const squeezed = apply(
      tf.layers.reshape({ targetShape: [1, 1, 8] }),
      apply(tf.layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }), both),
    );
    const gate = apply(conv(8, { kernelSize: 1, activation: 'hardSigmoid' }), squeezed);
    // tfjs multiplies a map by a map only where both are as large.
    const gated = apply(tf.layers.multiply(), [both, apply(conv(8, { activation: 'sigmoid' }), both)]);
    const joined = apply(tf.layers.concatenate(), [
      apply(tf.layers.maxPooling2d({ poolSize: 2, padding: 'same' }), gated),
      apply(tf.layers.averagePooling2d({ poolSize: 2, padding: 'same' }), gated),
    ]);
    const flat = apply(tf.layers.flatten(), apply(tf.layers.dropout({ rate: 0.5 }), joined));
    const ends = apply(tf.layers.concatenate(), [
      apply(tf.layers.dense({ units: 20, activation: 'relu' }), flat),
      apply(tf.layers.globalMaxPooling2d({ dataFormat: 'channelsLast' }), joined),
      apply(tf.layers.flatten(), gate),
    ]);
    const normed = apply(tf.layers.batchNormalization(), ends);
    const model = tf.model({
      inputs: picture,
      outputs: apply(tf.layers.dense({ units: 24, activation: 'softmax', useBias: false }), normed),
    });
    shuffleWeights(model);
    const path = await saveLayers(model, join(folder, 'functional'));
    await sameAsTfjs(
      path,
      plain,
      pixels.map((value) => value / 255),
    );
  });

  const small = (): layers.LayersModel => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({
          inputShape: [16, 16, 3],
          filters: 6,
          kernelSize: 3,
          padding: 'valid',
          activation: 'relu',
          name: 'first',
        }),
        tf.layers.maxPooling2d({ poolSize: 3, strides: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 12, name: 'last' }),
      ],
    });
    shuffleWeights(model);
    return model;
  };

  it('a sequence, with a mean and a factor for each colour, in the order B G R', async () => {
    const path = await saveLayers(small(), join(folder, 'sequence'));
    const mean = [120, 110, 100];
    const factor = [0.01, 0.02, 0.03];
    const seen = pixels.map((_, i) => {
      const colour = 2 - (i % 3);
      return (pixels[i - (i % 3) + colour] - mean[colour]) * factor[colour];
    });
    await sameAsTfjs(path, { size: 16, channels: 'BGR', normalisation: { mean, factor } }, seen);
  });

  it('each picture standardised by itself', async () => {
    const path = await saveLayers(small(), join(folder, 'standardised'));
    const seen = pixels.slice();
    for (let at = 0; at < seen.length; at += seen.length / 2) {
      const picture = seen.subarray(at, at + seen.length / 2);
      const mean = picture.reduce((sum, value) => sum + value, 0) / picture.length;
      const deviation = Math.sqrt(
        picture.reduce((sum, value) => sum + (value - mean) ** 2, 0) / picture.length,
      );
      picture.forEach((value, i) => (picture[i] = (value - mean) / deviation));
    }
    await sameAsTfjs(path, { size: 16, channels: 'RGB', normalisation: 'per-picture' }, seen);
  });

  it('gives an inner layer where the manifest names one, of length 1 where it says so', async () => {
    const path = await saveLayers(small(), join(folder, 'inner'));
    const model = await readTfjs(path);
    const inner = convertTfjs('mine', model, plain, 'first', true);
    expect(inner.length).toBe(14 * 14 * 6);
    expect(inner.network.layers.map(({ op }) => op)).toEqual([
      'convolution',
      'relu',
      'flatten',
      'l2Normalise',
    ]);
    const runner = await engines[0].load(inner.network, inner.weights);
    const [output] = await runner.run(pixels.slice(0, pixels.length / 2), 1);
    await runner.close();
    expect(Math.hypot(...output)).toBeCloseTo(1, 5);
    expect(() => convertTfjs('mine', model, plain, 'frist', false)).toThrow(/no layer "frist"/);
  });

  it('refuses a layer without a word by its kind and name', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({
          inputShape: [16, 16, 3],
          filters: 2,
          kernelSize: 3,
          dilationRate: 2,
          name: 'spread',
        }),
        tf.layers.upSampling2d({ name: 'larger' }),
      ],
    });
    const read = await readTfjs(await saveLayers(model, join(folder, 'refused')));
    const convert = (output: string | null) => () => convertTfjs('mine', read, plain, output, false);
    expect(convert(null)).toThrow(expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }) as Error);
    expect(convert('spread')).toThrow('The layer spread (Conv2D): a dilated convolution cannot be run here.');
    const file = join(folder, 'refused', 'model.json');
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace('UpSampling2D', 'Lambda').replace('"dilation_rate":[2,2]', '"dilation_rate":[1,1]'),
    );
    const lambda = await readTfjs(file);
    expect(() => convertTfjs('mine', lambda, plain, null, false)).toThrow(
      'The layer larger (Lambda): this kind of layer',
    );
  });
});

describe('graph models', () => {
  const outputs = { embedding: 'embedding', other: 'other' };

  it.each([null, 'float16', 'uint8', 'uint16'] as const)(
    'every operation, weights stored as %s',
    async (quantisation) => {
      const path = await writeGraph(quantisation).save(join(folder, `graph-${quantisation}`), outputs);
      await sameAsTfjs(
        path,
        plain,
        pixels.map((value) => value / 255),
        'embedding',
      );
    },
  );

  it('leaves out what the output does not need, and folds relu6', async () => {
    const model = await readTfjs(await writeGraph(null).save(join(folder, 'graph'), outputs));
    const { network, weights } = convertTfjs('mine', model, plain, 'clipped', false);
    expect(network.layers.map(({ op }) => op)).toEqual([
      'pad',
      'convolution',
      'scale',
      'scale',
      'relu6',
      'flatten',
    ]);
    expect([...weights.keys()]).toEqual([...network.weights.keys()]);
    expect(weights.size).toBe(5);
  });

  it('names the operation and the node that there is no word for', async () => {
    const model = await readTfjs(join(folder, 'graph'));
    expect(() => convertTfjs('mine', model, plain, 'other', false)).toThrow(
      'The node other (Tan): this operation cannot be run here.',
    );
  });

  it('names the outputs where several are there and none or a wrong one is chosen', async () => {
    const model = await readTfjs(join(folder, 'graph'));
    expect(() => convertTfjs('mine', model, plain, null, false)).toThrow(/several outputs.*embedding, other/);
    expect(() => convertTfjs('mine', model, plain, 'embeding', false)).toThrow(
      /no output "embeding"; it has embedding, other/,
    );
  });

  it('refuses a graph that feeds itself, and one that names a node that is not there', async () => {
    const graph = new GraphWriter();
    graph.node('a', 'Relu', ['b']);
    graph.node('b', 'Relu', ['a']);
    graph.node('c', 'Relu', ['nowhere']);
    const model = await readTfjs(await graph.save(join(folder, 'circle'), { a: 'a', c: 'c' }));
    expect(() => convertTfjs('mine', model, plain, 'a', false)).toThrow(/feeds itself/);
    expect(() => convertTfjs('mine', model, plain, 'c', false)).toThrow(/"nowhere"/);
  });
});

describe('files that are not a model', () => {
  const broken = async (content: unknown) => {
    const path = join(folder, 'broken.json');
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return readTfjs(path);
  };
  const weight = { name: 'w', shape: [4], dtype: 'float32' };
  const modelOf = (paths: string[], weights: object[]) => ({
    modelTopology: { node: [] },
    weightsManifest: [{ paths, weights }],
  });

  it.each([
    ['no JSON', 'MODEL_INVALID', () => broken('{')],
    ['no topology', 'MODEL_INVALID', () => broken({ weightsManifest: [] })],
    ['weights outside its folder', 'MODEL_INVALID', () => broken(modelOf(['../w.bin'], [weight]))],
    ['weights that are not there', 'MODEL_INCOMPLETE', () => broken(modelOf(['w.bin'], [weight]))],
    ['nothing', 'MODEL_MISSING', () => readTfjs(join(folder, 'nowhere'))],
  ])('%s: %s', async (_, code, read) => {
    await expect(read()).rejects.toMatchObject({ code });
  });

  it('weights that end early, and weights of another type', async () => {
    await writeFile(join(folder, 'short.bin'), Buffer.alloc(12));
    await expect(broken(modelOf(['short.bin'], [weight]))).rejects.toMatchObject({
      code: 'MODEL_INCOMPLETE',
    });
    await expect(broken(modelOf(['short.bin'], [{ ...weight, dtype: 'string' }]))).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
    });
  });
});

import * as layers from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { readFile, rm, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEmbedder, listNetworks, readNetwork } from '../../models/catalogue.js';
import { silentLog } from '../../server/base/log.js';
import { configSchema } from '../../server/config.js';
import { checkNetwork } from '../../server/config/check-network.js';
import { importTfjs, removeModel } from '../../server/faces/import-tfjs.js';
import { startRecogniser } from '../../server/faces/start-recogniser.js';
import { generatedPixels } from '../contracts/generated.js';
import { loadedEngines } from '../contracts/loaded-engines.js';
import { saveLayers, shuffleWeights } from '../models/tfjs/save-model.js';
import { tfjsOutput } from '../models/tfjs/tfjs-reference.js';
import { apart, drawnPicture } from './drawn-picture.js';

let folder: string;
let modelFile: string;
let data: string;
const manifest = {
  name: 'small-net',
  input: { size: 64, normalisation: { mean: 127.5, factor: 1 / 127.5 } },
  embedding: { length: 20, threshold: 0.6, normalise: false },
  alignment: 'arcface',
  licence: 'CC0-1.0',
};
const writeManifest = (change: object = {}) =>
  writeFile(join(folder, 'model', 'gatehouse.json'), JSON.stringify({ ...manifest, ...change }));
const model = layers.sequential({
  layers: [
    layers.layers.conv2d({
      inputShape: [64, 64, 3],
      filters: 8,
      kernelSize: 5,
      strides: 4,
      activation: 'relu',
    }),
    layers.layers.batchNormalization(),
    layers.layers.flatten(),
    layers.layers.dense({ units: 20 }),
  ],
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-import-tfjs-'));
  data = join(folder, 'models');
  shuffleWeights(model);
  modelFile = await saveLayers(model, join(folder, 'model'));
  await writeManifest();
});
afterAll(() => rm(folder, { recursive: true }));

describe('importTfjs', () => {
  it('keeps a model so that every engine gives what TensorFlow.js gives', async () => {
    await importTfjs(join(folder, 'model'), null, data);
    const pixels = generatedPixels(64 * 64 * 3, 4);
    const expected = await tfjsOutput(
      modelFile,
      pixels.map((value) => (value - 127.5) / 127.5),
      [1, 64, 64, 3],
    );
    const { network, weights } = await readNetwork('small-net', data);
    const engines = await loadedEngines();
    expect(engines.length).toBeGreaterThan(1);
    for (const engine of engines) {
      const runner = await engine.load(network, weights);
      const [actual] = await runner.run(pixels, 1);
      await engine.close();
      expect(apart(actual, expected) / Math.hypot(...expected), engine.name).toBeLessThan(1e-4);
    }
  });

  it('lists it with its threshold and licence, and finds it by name', async () => {
    const listed = (await listNetworks(data)).at(-1);
    expect(listed).toMatchObject({ name: 'small-net', weights: { licence: 'CC0-1.0' } });
    expect(await findEmbedder('small-net', data)).toMatchObject({
      embedding: { length: 20, defaultThreshold: 0.6, alignment: 'arcface', size: 64 },
    });
  });

  it('recognises with it: embeddings of its length, under an identity of its own', async () => {
    const options = {
      engine: 'onnx',
      workers: 1,
      network: 'small-net',
      modelsFolder: data,
      log: silentLog,
    } as const;
    const recogniser = await startRecogniser(options);
    const picture = await drawnPicture([{ id: 'skuli', x: 640, y: 300 }]);
    const [[face]] = await recogniser.recognise([picture], { profile: 'photo' });
    await recogniser.close();
    expect(face.embedding).toHaveLength(20);
    expect(recogniser.defaultThreshold).toBe(0.6);
    expect(recogniser.network).toMatch(/^small-net@[0-9a-f]{8}$/);
  });

  it('gives other weights under the same name another identity', async () => {
    const before = (await findEmbedder('small-net', data)).identity;
    await importTfjs(modelFile, null, data);
    expect((await findEmbedder('small-net', data)).identity).toBe(before);
    await writeManifest({ alignment: 'dlib', input: { ...manifest.input, channels: 'BGR' } });
    await importTfjs(modelFile, null, data);
    expect((await findEmbedder('small-net', data)).identity).not.toBe(before);
    await writeManifest();
  });

  it.each([
    [
      'a key that is nearly right',
      { licence: undefined, license: 'MIT' },
      /license: unknown key; did you mean "licence"/,
    ],
    ['a wrong value', { input: { size: 64, normalisation: 'none' } }, /input\.normalisation/],
    ['a name with capitals', { name: 'FaceNet' }, /name: lower-case letters/],
  ])('refuses a manifest with %s', async (_, change, message) => {
    await writeManifest(change);
    await expect(importTfjs(modelFile, null, data)).rejects.toMatchObject({
      code: 'MODEL_MANIFEST_INVALID',
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([
    ['the name of a network that comes along', { name: 'dlib-resnet' }, 'MODEL_NAME_TAKEN', /dlib-resnet/],
    [
      'another length',
      { embedding: { ...manifest.embedding, length: 128 } },
      'MODEL_INVALID',
      /20 numbers, not the 128/,
    ],
    [
      'another size of picture',
      { input: { ...manifest.input, size: 96 } },
      'MODEL_UNSUPPORTED',
      /dense_.* \(Dense\)|channels/,
    ],
    ['an output that is not there', { output: 'top' }, 'MODEL_INVALID', /"top"/],
  ])('refuses %s', async (_, change, code, message) => {
    await writeManifest(change);
    await expect(importTfjs(modelFile, null, data)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it('takes a manifest from elsewhere, and says where it looked', async () => {
    await rm(join(folder, 'model', 'gatehouse.json'));
    await expect(importTfjs(modelFile, null, data)).rejects.toMatchObject({
      code: 'MODEL_MANIFEST_INVALID',
      message: expect.stringContaining(join('model', 'gatehouse.json')) as string,
    });
    const elsewhere = join(folder, 'other.json');
    await writeFile(elsewhere, JSON.stringify({ ...manifest, name: 'second' }));
    await importTfjs(modelFile, elsewhere, data);
    expect((await listNetworks(data)).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['second', 'small-net']),
    );
  });
});

describe('a name in the configuration', () => {
  const configOf = (network: string) =>
    configSchema.parse({
      recognition: { network },
      cameras: [{ id: 'a', source: { kind: 'demo', scene: 'entrance' } }],
    });

  it('may be an imported one; one that is not there is refused with those that are', async () => {
    await expect(checkNetwork(configOf('small-net'), data)).resolves.toBeUndefined();
    await expect(checkNetwork(configOf('smal-net'), data)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(
        /recognition\.network: .*dlib-resnet, facenet-nn4, .*second, small-net/,
      ) as string,
    });
    await expect(checkNetwork(configOf('landmarks68'), data)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
    await expect(checkNetwork(configOf('../models/small-net'), data)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });
});

describe('what became of it', () => {
  it('is noticed when its description was changed by hand', async () => {
    const file = join(data, 'second', 'manifest.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"stride": 4', '"stride": 3'));
    await expect(readNetwork('second', data)).rejects.toMatchObject({ code: 'MODEL_CHANGED' });
    await expect(findEmbedder('second', data)).rejects.toMatchObject({ code: 'MODEL_CHANGED' });
  });

  it('is forgotten on request, once', async () => {
    await removeModel('second', data);
    expect((await listNetworks(data)).map(({ name }) => name)).not.toContain('second');
    await expect(removeModel('second', data)).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' });
    await expect(removeModel('dlib-resnet', data)).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' });
  });
});

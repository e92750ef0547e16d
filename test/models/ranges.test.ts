import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNetwork } from '../../models/catalogue.js';
import { importModel } from '../../server/commands/models.js';
import { foldNetwork } from '../../server/faces/engines/fold.js';
import { measured } from '../../server/faces/engines/quantise.js';
import { engines } from '../../server/faces/open-engine.js';
import { generatedOpenface } from './openface-folder.js';

it('has ranges for these very weights of the residual network, one for every result that 8 bits hold', async () => {
  const { network, weights, ranges } = await readNetwork('dlib-resnet', 'nowhere');
  // null here: the weights changed. Run `npm run models:ranges`.
  expect(ranges).not.toBeNull();
  expect(Object.keys(ranges!).sort()).toEqual(measured(foldNetwork(network, weights)).sort());
  for (const [least, most] of Object.values(ranges!)) expect(most).toBeGreaterThan(least);
});

it('needs to measure nothing of SSD, of which every result is bounded', async () => {
  const { network, weights, ranges } = await readNetwork('ssd-mobilenet', 'nowhere');
  expect(ranges).toEqual({});
  expect(measured(foldNetwork(network, weights))).toEqual([]);
});

it('has none for networks that lose by 8 bits', async () => {
  for (const name of ['tiny-detector', 'landmarks68'] as const)
    expect((await readNetwork(name, 'nowhere')).ranges).toBeNull();
});

describe('an imported network', () => {
  let data: string;
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'gatehouse-ranges-'));
    const options = { config: 'none', data, logLevel: 'error' } as const;
    expect(await importModel('openface', await generatedOpenface(), options)).toBe(0);
  }, 300_000);
  afterAll(() => rm(data, { recursive: true }));
  const read = () => readNetwork('facenet-nn4', join(data, 'models'));
  const file = () => join(data, 'models', 'facenet-nn4', 'ranges-facenet-nn4.json');

  it('is measured when it is imported, and runs in 8 bits from then on', async () => {
    const { network, weights, ranges } = await read();
    expect(Object.keys(ranges!).sort()).toEqual(measured(foldNetwork(network, weights)).sort());
    const engine = await engines['onnx-int8']({ threads: 1 });
    expect((await engine.load(network, weights, ranges)).precision).toBe('int8');
    await engine.close();
  });

  it.each([
    ['torn', (text: string) => text.slice(0, 100)],
    ['of other weights', (text: string) => text.replace(/"sha256":"./, '"sha256":"x')],
    ['no numbers', (text: string) => text.replace(/:\[[^,]+,/, ':["a",')],
    ['nothing', () => 'null'],
  ])('runs in floats where its ranges are %s', async (_, spoil) => {
    const good = await readFile(file(), 'utf8');
    await writeFile(file(), spoil(good));
    const { network, weights, ranges } = await read();
    await writeFile(file(), good);
    expect(ranges).toBeNull();
    const engine = await engines['onnx-int8']({ threads: 1 });
    expect((await engine.load(network, weights, ranges)).precision).toBe('float32');
    await engine.close();
  });
});

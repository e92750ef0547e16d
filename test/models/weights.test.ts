import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue, readNetwork, type CatalogueEntry } from '../../models/catalogue.js';
import { facenetNn4 } from '../../models/facenet-nn4.js';
import { checkWeights, readWeights } from '../../models/weights.js';
import { importOpenface } from '../../server/faces/import-openface.js';
import { generatedWeights } from '../contracts/generated.js';
import { generatedOpenface } from './openface-folder.js';

const tiny = catalogue['tiny-detector'];
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-weights-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('weights that come with a package', () => {
  it.each(Object.values(catalogue).filter((entry: CatalogueEntry) => entry.weights.kind === 'package'))(
    '$name has every weight it names, in its shape, and finite',
    async ({ name }) => {
      const { network, weights } = await readNetwork(name, folder);
      for (const [weight, shape] of network.weights) {
        expect(weights.get(weight)!.shape).toEqual(shape);
        expect(weights.get(weight)!.values.every(Number.isFinite)).toBe(true);
      }
    },
  );

  it('undoes the quantisation: value = byte * scale + min', async () => {
    const { weights } = await readNetwork('tiny-detector', folder);
    const { values } = weights.get('conv0/filters')!;
    const steps = values.map((value) => (value + 1.2069439495311063) / 0.009007044399485869);
    expect(steps.every((step) => Math.abs(step - Math.round(step)) < 1e-2)).toBe(true);
    expect(Math.max(...steps)).toBeCloseTo(255, 1);
    expect(Math.min(...steps)).toBeCloseTo(0, 1);
  });

  it('refuses a file that is not the one that was tried', async () => {
    const source = { ...tiny.weights, sha256: { ...tinySha(), binary: '0'.repeat(64) } };
    await expect(readWeights(tiny.describe(), source as typeof tiny.weights, folder)).rejects.toMatchObject({
      code: 'MODEL_CHANGED',
    });
  });

  it('says which package is missing, and how to get it', async () => {
    const source = { ...tiny.weights, package: '@gatehouse/not-there' };
    await expect(readWeights(tiny.describe(), source as typeof tiny.weights, folder)).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      message: expect.stringContaining('@gatehouse/not-there') as string,
      remedy: expect.stringContaining('npm ci') as string,
    });
  });
});

describe('imported weights', () => {
  it('are missing until they are imported, and the remedy is the command', async () => {
    await expect(readNetwork('facenet-nn4', folder)).rejects.toMatchObject({
      code: 'MODEL_MISSING',
      remedy: expect.stringContaining('gatehouse models import openface') as string,
    });
  });

  it('are refused when a byte of them changed after the import', async () => {
    await importOpenface(await generatedOpenface(), join(folder, 'facenet-nn4'));
    await readNetwork('facenet-nn4', folder);
    const path = join(folder, 'facenet-nn4', 'weights.bin');
    const bytes = await readFile(path);
    bytes[1000] ^= 1;
    await writeFile(path, bytes);
    await expect(readNetwork('facenet-nn4', folder)).rejects.toMatchObject({ code: 'MODEL_CHANGED' });
  });
});

describe('checkWeights', () => {
  const network = facenetNn4();

  it('names everything that is missing', () => {
    const weights = new Map(generatedWeights(network));
    weights.delete('conv1_b');
    weights.delete('dense_w');
    expect(() => checkWeights(network, weights)).toThrow(/lack conv1_b, dense_w/);
  });

  it('refuses a weight of another shape', () => {
    const weights = new Map(generatedWeights(network));
    weights.set('dense_w', { shape: [128, 736], values: new Float32Array(128 * 736) });
    expect(() => checkWeights(network, weights)).toThrow(/dense_w .* 128x736, not 736x128/);
  });
});

function tinySha(): { manifest: string; binary: string } {
  return (tiny.weights as Extract<typeof tiny.weights, { kind: 'package' }>).sha256;
}

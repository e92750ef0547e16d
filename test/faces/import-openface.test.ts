import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNetwork } from '../../models/catalogue.js';
import { facenetNn4 } from '../../models/facenet-nn4.js';
import { openOnnx } from '../../server/faces/engines/onnx.js';
import { importOpenface } from '../../server/faces/import-openface.js';
import { generatedPixels, generatedWeights } from '../contracts/generated.js';
import { generatedOpenface } from '../models/openface-folder.js';

let folder: string;
let complete: string;
const generated = generatedWeights(facenetNn4());
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-import-'));
  complete = await generatedOpenface();
});
afterAll(() => rm(folder, { recursive: true }));

describe('importOpenface', () => {
  it('turns every tensor into the layout of the house', async () => {
    const manifest = await importOpenface(complete, join(folder, 'a', 'facenet-nn4'));
    expect(manifest).toMatchObject({ network: 'facenet-nn4', source: complete, licence: 'Apache-2.0' });
    expect(manifest.sha256).toMatch(/^[0-9a-f]{64}$/);
    const { weights } = await readNetwork('facenet-nn4', join(folder, 'a'));
    for (const [name, { shape, values }] of generated) {
      expect(weights.get(name)!.shape).toEqual(shape);
      // Compared as bytes: element by element takes half a minute.
      expect(Buffer.compare(bytesOf(weights.get(name)!.values), bytesOf(values)), name).toBe(0);
    }
  });

  it('takes the folder above one called weights', async () => {
    const above = join(folder, 'above');
    await cp(complete, join(above, 'weights'), { recursive: true });
    const manifest = await importOpenface(above, join(folder, 'b'));
    expect(manifest.source).toBe(join(above, 'weights'));
  });

  it('names every missing file, and leaves what was imported before alone', async () => {
    const partial = join(folder, 'partial');
    const destination = join(folder, 'a', 'facenet-nn4');
    const before = await readFile(join(destination, 'manifest.json'), 'utf8');
    await cp(complete, partial, { recursive: true });
    await rm(join(partial, 'conv2_w.csv'));
    await rm(join(partial, 'inception_5b_1x1_bn_v.csv'));
    await expect(importOpenface(partial, destination)).rejects.toMatchObject({
      code: 'MODEL_INCOMPLETE',
      message: expect.stringMatching(/2 of 224 files: conv2_w\.csv, inception_5b_1x1_bn_v\.csv/) as string,
    });
    expect(await readFile(join(destination, 'manifest.json'), 'utf8')).toBe(before);
  });

  it.each([
    ['too few values', '1,2,3', /holds 3 values, not 64/],
    ['no numbers', 'version https://example.org/lfs', /holds "version", which is no number/],
  ])('refuses a file with %s', async (_, content, message) => {
    const broken = join(folder, 'broken');
    await cp(complete, broken, { recursive: true });
    await writeFile(join(broken, 'conv1_b.csv'), content);
    await expect(importOpenface(broken, join(folder, 'c'))).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringMatching(message) as string,
    });
  });

  it('says that a folder is not there', async () => {
    await expect(importOpenface(join(folder, 'nowhere'), join(folder, 'd'))).rejects.toMatchObject({
      code: 'MODEL_MISSING',
    });
  });

  it('says that the destination cannot be written, and leaves no scraps', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(importOpenface(complete, join(file, 'facenet-nn4'))).rejects.toMatchObject({
      code: 'DATA_NOT_WRITABLE',
    });
    expect((await readdir(join(folder, 'b'))).sort()).toEqual(['manifest.json', 'weights.bin']);
  });
});

const shared = resolve(import.meta.dirname, '../../../shared/data/openface-nn4-small2/weights.tar.gz');
describe.skipIf(!existsSync(shared))('importOpenface on the published files (needs ../shared)', () => {
  const absent = [
    'inception_3c_3x3_conv2_w',
    'inception_4e_3x3_conv2_w',
    'inception_5a_1x1_conv_w',
    'inception_5a_3x3_conv2_w',
    'inception_5b_3x3_conv2_w',
  ];

  it('refuses the 221 files with the names of the five that are missing, and runs once they are there', async () => {
    const real = join(folder, 'real');
    await mkdir(real);
    execFileSync('tar', ['-xzf', shared, '-C', real]);
    const refusal = await importOpenface(real, join(folder, 'e')).catch((error: unknown) => error as Error);
    expect(refusal).toMatchObject({ code: 'MODEL_INCOMPLETE' });
    const named = [...(refusal as Error).message.matchAll(/(\w+)\.csv/g)].map(([, name]) => name);
    expect(named.sort()).toEqual(absent);

    for (const name of absent) await cp(join(complete, `${name}.csv`), join(real, 'weights', `${name}.csv`));
    await importOpenface(real, join(folder, 'models', 'facenet-nn4'));
    const { network, weights } = await readNetwork('facenet-nn4', join(folder, 'models'));
    const engine = await openOnnx({ threads: 1 });
    const runner = await engine.load(network, weights);
    const [embedding] = await runner.run(generatedPixels(96 * 96 * 3), 1);
    await engine.close();
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
  });
});

function bytesOf(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

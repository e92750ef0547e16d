import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readNetwork } from '../../../models/catalogue.js';
import { convertTfjs } from '../../../models/convert/convert-tfjs.js';
import { readTfjs } from '../../../models/convert/read-tfjs.js';
import { packageFolder } from '../../../models/weights.js';
import { generatedPixels } from '../../contracts/generated.js';
import { farthest, loadedEngines } from '../../contracts/loaded-engines.js';
import { tfjsOutput } from './tfjs-reference.js';

// Networks as somebody else ships them, converted, against TensorFlow.js' own run of the same files.

const human = packageFolder('@vladmandic/human');
const models: [file: string, size: number, output: string | null][] = [
  ['antispoof', 128, null],
  ['liveness', 32, null],
  ['blazeface', 256, 'Identity_2'],
  ['facemesh', 192, 'output_mesh'],
  ['facemesh', 192, 'output_faceflag'],
  ['faceres', 224, 'global_pooling/Mean'],
  ['iris', 64, null],
];

const engines = await loadedEngines();
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

describe.skipIf(human === null)('graph models of @vladmandic/human (needs the optional package)', () => {
  it.each(models)('%s at %i, %s, on every engine', async (file, size, output) => {
    const path = join(human!, 'models', `${file}.json`);
    const model = await readTfjs(path);
    const factor = file === 'faceres' ? 1 : 1 / 255;
    const preparation = { size, channels: 'RGB', normalisation: { mean: 0, factor } } as const;
    const { network, weights } = convertTfjs(file, model, preparation, output, false);

    const pixels = generatedPixels(size * size * 3, 5);
    const expected = await tfjsOutput(
      path,
      pixels.map((value) => value * factor),
      [1, size, size, 3],
      output ? (model.outputs.get(output) ?? output) : undefined,
      'wasm',
    );
    for (const engine of engines) {
      const runner = await engine.load(network, weights);
      const [actual] = await runner.run(pixels, 1);
      await runner.close();
      expect(actual.length, engine.name).toBe(expected.length);
      expect(farthest(actual, expected), engine.name).toBeLessThan(1e-4);
    }
  });

  it.each([
    ['antispoof', 128],
    ['liveness', 32],
  ] as const)('%s as it is written down in models/', async (name, size) => {
    const { network, weights } = await readNetwork(name, 'nowhere');
    const pixels = generatedPixels(2 * size * size * 3, 8);
    const expected = await tfjsOutput(
      join(human!, 'models', `${name}.json`),
      pixels.map((value) => value / 255),
      [2, size, size, 3],
    );
    expect(new Set(expected).size).toBe(expected.length);
    for (const engine of engines) {
      const runner = await engine.load(network, weights);
      const [actual] = await runner.run(pixels, 2);
      await runner.close();
      expect(farthest(actual, expected), engine.name).toBeLessThan(1e-4);
    }
  });
});

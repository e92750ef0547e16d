import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../models/catalogue.js';
import { chooseEngine, fastest, mostDrift } from '../../server/faces/choose/choose-engine.js';
import { circumstances } from '../../server/faces/choose/machine.js';
import { recall, remember, type Measurement } from '../../server/faces/choose/remember.js';
import { furthest, tryEngines, type Trial } from '../../server/faces/choose/trial.js';
import type { EngineName } from '../../server/faces/engine.js';

const setup = { network: 'dlib-resnet', modelsFolder: 'nowhere' } as const;
const trial = (
  name: EngineName,
  msPerFace: number,
  drift: number,
  maxWorkers: number | null = null,
): Trial => ({
  name,
  version: '1',
  precision: 'float32',
  msPerFace,
  drift,
  maxWorkers,
  reason: null,
});

describe('the fastest that is accurate enough', () => {
  it.each<[string, Trial[], number, EngineName | null]>([
    ['the fastest', [trial('onnx-int8', 2, 0.05), trial('onnx', 5, 0)], 2, 'onnx-int8'],
    ['not one that is off', [trial('onnx-int8', 2, 0.2), trial('onnx', 5, 0)], 2, 'onnx'],
    ['not one whose numbers are none', [trial('onnx-int8', 2, NaN), trial('onnx', 5, 0)], 2, 'onnx'],
    [
      'not one that does not load',
      [{ name: 'onnx', version: null, reason: 'x' }, trial('wasm', 30, 0)],
      2,
      'wasm',
    ],
    [
      'one worker of 4 ms is worth more than two of 10',
      [trial('onnx', 10, 0), trial('tfjs-node', 4, 0, 1)],
      2,
      'tfjs-node',
    ],
    ['two of 6 are worth more than one of 4', [trial('onnx', 6, 0), trial('tfjs-node', 4, 0, 1)], 2, 'onnx'],
    ['none', [{ name: 'onnx', version: null, reason: 'x' }], 2, null],
  ])('%s', (_, trials, workers, name) => {
    expect(fastest(trials, mostDrift(catalogue['dlib-resnet'].embedding), workers)).toBe(name);
  });
});

describe('trying engines', () => {
  it('times each on the network and says how far it drifts', async () => {
    const trials = await tryEngines(setup, { names: ['onnx-int8', 'onnx'] });
    expect(trials).toMatchObject([
      { name: 'onnx-int8', precision: 'int8', reason: null },
      { name: 'onnx', precision: 'float32', drift: 0, reason: null },
    ]);
    for (const each of trials) expect(each).toMatchObject({ msPerFace: expect.any(Number) as number });
    const { drift } = trials[0] as Trial & { drift: number };
    expect(drift).toBeGreaterThan(0);
    expect(drift).toBeLessThan(mostDrift(catalogue['dlib-resnet'].embedding));
  });

  it('survives one that takes its process with it', async () => {
    // Too little memory to even start: V8 aborts.
    process.env['NODE_OPTIONS'] = '--max-old-space-size=6';
    const [crashed] = await tryEngines(setup, { names: ['onnx'] }).finally(
      () => delete process.env['NODE_OPTIONS'],
    );
    expect(crashed).toMatchObject({ name: 'onnx', version: null });
    expect(crashed.reason).toMatch(/^it ended its process \((SIG|exit code)/);
  });

  it('gives up one that hangs', async () => {
    const [hung] = await tryEngines(setup, { names: ['onnx'], patienceMs: 1 });
    expect(hung).toMatchObject({ version: null, reason: 'it did not answer within 0.001 s' });
  });
});

describe('the measurement that is kept', () => {
  let folder: string;
  let file: string;
  const measurement: Measurement = { measuredAt: '2026-11-01T00:00:00Z', trials: [trial('wasm', 1, 0)] };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-engines-'));
    file = join(folder, 'engines.json');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is taken as it is on the same machine', async () => {
    const here = await circumstances('dlib-resnet', catalogue['dlib-resnet'].weights, 'nowhere');
    await remember(file, here, measurement);
    // Nothing was measured: WASM is not the fastest of any machine.
    expect(await chooseEngine({ ...setup, workers: 2, file })).toMatchObject({ name: 'wasm', fresh: false });
  });

  it.each(['processor', 'node', 'gatehouse', 'libraries', 'sha256'] as const)(
    'is void when its %s is another',
    async (what) => {
      const here = await circumstances('dlib-resnet', catalogue['dlib-resnet'].weights, 'nowhere');
      await remember(file, here, measurement);
      expect(await recall(file, here)).toMatchObject(measurement);
      const other = { ...here, [what]: what === 'libraries' ? { 'onnxruntime-node': '0' } : 'another' };
      expect(await recall(file, other)).toBeNull();
    },
  );

  it.each(['', '{', 'null', '[]', '{"circumstances":{}}'])('is void when the file holds %j', async (text) => {
    await writeFile(file, text);
    expect(
      await recall(file, await circumstances('dlib-resnet', catalogue['dlib-resnet'].weights, 'nowhere')),
    ).toBeNull();
  });

  it('is void when a trial in it is none', async () => {
    const here = await circumstances('dlib-resnet', catalogue['dlib-resnet'].weights, 'nowhere');
    await remember(file, here, measurement);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"msPerFace": 1', '"msPerFace": "1"'));
    expect(await recall(file, here)).toBeNull();
    await writeFile(file, text.replace('"name": "wasm"', '"name": "abacus"'));
    expect(await recall(file, here)).toBeNull();
  });

  it('may fail to be kept', async () => {
    const here = await circumstances('dlib-resnet', catalogue['dlib-resnet'].weights, 'nowhere');
    await mkdir(join(folder, 'taken'));
    await expect(remember(join(folder, 'taken'), here, measurement)).resolves.toBeUndefined();
    await expect(remember(join(folder, 'no', 'such'), here, measurement)).resolves.toBeUndefined();
  });

  it('is made anew on demand, and kept', async () => {
    const choice = await chooseEngine({ ...setup, workers: 2, file, anew: true });
    expect(choice.fresh).toBe(true);
    expect(choice.name).not.toBe('wasm');
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ trials: choice.trials });
  });
});

it('asks for the import of a network that is not there', async () => {
  await expect(
    chooseEngine({ ...setup, network: 'facenet-nn4', workers: 1, file: null }),
  ).rejects.toMatchObject({ code: 'MODEL_MISSING' });
});

it('measures drift by embeddings as long as the network makes them', () => {
  const exact = new Float32Array(60);
  const off = Float32Array.from(exact, (_, i) => (i >= 20 && i < 40 ? 0.5 : 0.1));
  // 20 numbers each: the second of three is the furthest.
  expect(furthest(off, exact, 20)).toBeCloseTo(0.5 * Math.sqrt(20));
  expect(furthest(off.fill(NaN, 59), exact, 20)).toBe(Infinity);
});

import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { readNetwork } from '../../models/catalogue.js';
import { silentLog } from '../../server/base/log.js';
import { asGatehouseError } from '../../server/base/errors.js';
import type { Plan } from '../../server/faces/engines/fold.js';
import type { Tensorflow } from '../../server/faces/engines/tensorflow-ops.js';
import { openTfjsNode } from '../../server/faces/engines/tfjs-node.js';
import { openWasm } from '../../server/faces/engines/wasm.js';
import { writeSavedModel } from '../../server/faces/engines/write-saved-model.js';
import { startRecogniser } from '../../server/faces/start-recogniser.js';
import { apart, drawnPicture } from './drawn-picture.js';

// The two engines on TensorFlow.js share its core where they share a thread.

const tf = createRequire(import.meta.url)('@tensorflow/tfjs-core') as Tensorflow;
const { network, weights } = await readNetwork('landmarks68', 'nowhere');
const picture = new Float32Array(112 * 112 * 3).map((_, i) => (i * 31) % 256);

it('opens WASM again after it was closed, in the same thread', async () => {
  const outputs: Float32Array[] = [];
  for (let i = 0; i < 2; i += 1) {
    const engine = await openWasm({ threads: 1 });
    const runner = await engine.load(network, weights);
    outputs.push((await runner.run(picture, 1))[0]);
    await engine.close();
  }
  expect(outputs[1]).toEqual(outputs[0]);
  expect(outputs[0].some((value) => value !== 0)).toBe(true);
});

it('refuses what TensorFlow cannot average', () => {
  const plan: Plan = {
    name: 'edges',
    input: { height: 4, width: 4 },
    steps: [
      {
        op: 'averagePool',
        id: 'pool',
        input: 'input',
        size: 2,
        stride: 2,
        padding: { top: 1, right: 1, bottom: 1, left: 1 },
      },
    ],
    outputs: ['pool'],
  };
  expect(() => writeSavedModel(plan)).toThrow('does not average over given edges');
});

const native = await openTfjsNode({ threads: 1 }).catch((thrown: unknown) => asGatehouseError(thrown));
if (native instanceof Error)
  describe('tfjs-node', () => it.skip(`is not on this machine: ${native.message}`, () => {}));
else
  describe('tfjs-node', () => {
    it('runs its networks itself where another backend was set after it was opened', async () => {
      const wasm = await openWasm({ threads: 1 });
      const [ours, theirs] = [await native.load(network, weights), await wasm.load(network, weights)];
      for (const [runner, backend] of [
        [ours, 'tensorflow'],
        [theirs, 'wasm'],
        [ours, 'tensorflow'],
      ] as const) {
        await runner.run(picture, 1);
        expect(tf.getBackend()).toBe(backend);
      }
      await wasm.close();
      await ours.run(picture, 1);
      expect(tf.getBackend()).toBe('tensorflow');
      await ours.close();
    });

    it('frees what a run takes', async () => {
      const runner = await native.load(network, weights);
      await runner.run(picture, 1);
      const { binding } = tf.backend() as unknown as { binding: { getNumOfTensors(): number } };
      const before = [tf.memory().numTensors, binding.getNumOfTensors()];
      for (let i = 0; i < 100; i += 1) await runner.run(picture, 1);
      await expect(runner.run(new Float32Array(5), 1)).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
      expect([tf.memory().numTensors, binding.getNumOfTensors()]).toEqual(before);
      await runner.close();
    });

    it('works in several worker threads, and is started again after them', async () => {
      const drawn = await drawnPicture([{ id: 'skuli', x: 640, y: 260 }]);
      const embeddings: Float32Array[] = [];
      for (const workers of [2, 1]) {
        const recogniser = await startRecogniser({
          engine: 'tfjs-node',
          workers,
          network: 'dlib-resnet',
          modelsFolder: 'nowhere',
          log: silentLog,
        });
        expect(recogniser.description).toMatch(/^tfjs-node \d\S+ \(TensorFlow 2\.\S+\), \d workers?$/);
        const results = await Promise.all([1, 2, 3, 4].map(() => recogniser.recognise([drawn])));
        embeddings.push(...results.map(([[face]]) => face.embedding!));
        await recogniser.close();
      }
      expect(embeddings).toHaveLength(8);
      for (const embedding of embeddings) expect(apart(embedding, embeddings[0])).toBeLessThan(1e-4);
    });
  });

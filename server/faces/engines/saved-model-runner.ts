import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Core from '@tensorflow/tfjs-core';
import type { Runner } from '../engine.js';
import type { Plan } from './fold.js';
import { tensorflowFailed, type Tensorflow } from './tensorflow-ops.js';
import { writeSavedModel } from './write-saved-model.js';

/** What tfjs-node has beyond TensorFlow.js. */
export type TensorflowNode = Tensorflow & {
  node: { loadSavedModel(folder: string): Promise<SavedModel> };
};

interface SavedModel {
  predict(inputs: Record<string, Core.Tensor>): Record<string, Core.Tensor>;
  dispose(): void;
}

/**
 * Compiles a plan to a TensorFlow graph, which runs in one call: TensorFlow fuses its steps and lays its weights out
 * once, where operation by operation it does so at each. Rejects with ENGINE_FAILED.
 */
export async function savedModelRunner(tf: TensorflowNode, plan: Plan): Promise<Runner> {
  let model: SavedModel;
  try {
    // It is read from a folder only, and whole: nothing of it is needed afterwards.
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-network-'));
    try {
      await writeFile(join(folder, 'saved_model.pb'), writeSavedModel(plan));
      model = await tf.node.loadSavedModel(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } catch (cause) {
    throw tensorflowFailed(plan.name, cause);
  }

  return {
    run(input, batch, size) {
      const height = plan.input.height ?? size?.height ?? 0;
      const width = plan.input.width ?? size?.width ?? 0;
      const tensors: Core.Tensor[] = [];
      try {
        const picture = tf.tensor4d(input, [batch, height, width, 3]);
        tensors.push(picture);
        const outputs = model.predict({ picture });
        tensors.push(...Object.values(outputs));
        const results = plan.outputs.map((_, i) => Float32Array.from(outputs[`output${i}`].dataSync()));
        return Promise.resolve(results);
      } catch (cause) {
        return Promise.reject(tensorflowFailed(plan.name, cause));
      } finally {
        tf.dispose(tensors);
      }
    },
    close() {
      model.dispose();
      return Promise.resolve();
    },
  };
}

import '@tensorflow/tfjs-backend-cpu';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * What TensorFlow.js itself makes of a model on disk: its own loader and its own execution, on its plain CPU kernels unless
 * told. Whoever used TensorFlow.js before goes on with the backend it had.
 */
export async function tfjsOutput(
  modelFile: string,
  input: Float32Array,
  shape: [number, number, number, number],
  output?: string,
  backend: 'cpu' | 'wasm' = 'cpu',
): Promise<Float32Array> {
  const before = tf.getBackend();
  await tf.setBackend(backend);
  const handler = await handlerOf(modelFile);
  const x = tf.tensor4d(input, shape);
  const topology = handler.artifacts.modelTopology as { node?: unknown };
  let result: tf.Tensor;
  if (topology.node) {
    const model = await loadGraphModel(handler);
    result = model.execute(x, output ?? model.outputs[0].name) as tf.Tensor;
  } else {
    const model = await loadLayersModel(handler);
    result = model.predict(x) as tf.Tensor;
  }
  const values = Float32Array.from(await result.data());
  if (before && before !== backend) await tf.setBackend(before);
  return values;
}

async function handlerOf(modelFile: string): Promise<tf.io.IOHandler & { artifacts: tf.io.ModelArtifacts }> {
  const json = JSON.parse(await readFile(modelFile, 'utf8')) as tf.io.ModelJSON;
  const shards = await Promise.all(
    json.weightsManifest.flatMap(({ paths }) =>
      paths.map((path) => readFile(join(dirname(modelFile), path))),
    ),
  );
  const bytes = Uint8Array.from(Buffer.concat(shards));
  const artifacts = {
    ...json,
    weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights),
    weightData: bytes.buffer,
  } as tf.io.ModelArtifacts;
  return { artifacts, load: () => Promise.resolve(artifacts) };
}

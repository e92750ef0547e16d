import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { io, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { numbers } from '../../contracts/generated.js';

/** Gives every weight of a model numbers of its own: fresh ones leave norms and biases at 0 and 1, which hides mistakes. */
export function shuffleWeights(model: LayersModel): void {
  const next = numbers(11);
  const values = model.weights.map((weight) => {
    const shape = weight.shape as number[];
    const fanIn = shape.slice(0, -1).reduce((all, length) => all * length, 1);
    const positive = /gamma|variance/.test(weight.originalName);
    const size = shape.length > 1 ? Math.sqrt(12 / fanIn) : 0.4;
    const count = shape.reduce((all, length) => all * length, 1);
    const drawn = Float32Array.from({ length: count }, () =>
      positive ? 0.5 + next() : (next() - 0.5) * size,
    );
    return tensor(drawn, shape);
  });
  model.setWeights(values);
}

/** Saves a model as TensorFlow.js does, into a folder; answers the path of its model.json. */
export async function saveLayers(model: LayersModel, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await model.save(
    io.withSaveHandler(async (artifacts) => {
      const { modelTopology, weightSpecs, weightData } = artifacts;
      const bytes = Buffer.from(io.CompositeArrayBuffer.join(weightData));
      // Two shards, the second beginning in the middle of a tensor.
      const cut = Math.floor(bytes.length / 2) + 1;
      await writeFile(join(folder, 'group1-shard1of2.bin'), bytes.subarray(0, cut));
      await writeFile(join(folder, 'group1-shard2of2.bin'), bytes.subarray(cut));
      const paths = ['group1-shard1of2.bin', 'group1-shard2of2.bin'];
      await writeFile(
        join(folder, 'model.json'),
        JSON.stringify({
          format: 'layers-model',
          modelTopology,
          weightsManifest: [{ paths, weights: weightSpecs }],
        }),
      );
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  return join(folder, 'model.json');
}

export type Quantisation = 'float16' | 'uint8' | 'uint16' | null;

/** A TensorFlow graph that is written node by node and saved as its converter does. */
export class GraphWriter {
  readonly #nodes: object[] = [];
  readonly #weights: { spec: io.WeightsManifestEntry; bytes: Buffer }[] = [];
  readonly #next = numbers(23);
  readonly #quantisation: Quantisation;

  constructor(quantisation: Quantisation = null) {
    this.#quantisation = quantisation;
    const dim = [-1, 16, 16, 3].map((size) => ({ size: String(size) }));
    this.node('picture', 'Placeholder', [], { shape: { shape: { dim } }, dtype: { type: 'DT_FLOAT' } });
  }

  node(name: string, op: string, input: readonly string[], attr: object = {}): string {
    this.#nodes.push({ name, op, input, attr: { T: { type: 'DT_FLOAT' }, ...attr } });
    return name;
  }

  /** Numbers around `middle`, scaled for their fan-in where they are filters. */
  random(name: string, shape: readonly number[], middle = 0): string {
    const count = shape.reduce((all, length) => all * length, 1);
    const size = shape.length > 1 ? Math.sqrt((12 * shape.at(-1)!) / count) : 0.6;
    return this.constant(
      name,
      shape,
      Array.from({ length: count }, () => middle + (this.#next() - 0.5) * size),
    );
  }

  constant(
    name: string,
    shape: readonly number[],
    values: readonly number[],
    dtype: 'float32' | 'int32' = 'float32',
  ): string {
    const type = dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT';
    this.#nodes.push({ name, op: 'Const', input: [], attr: { dtype: { type } } });
    this.#weights.push(
      encode(
        name,
        [...shape],
        values,
        dtype,
        dtype === 'int32' || shape.length < 2 ? null : this.#quantisation,
      ),
    );
    return name;
  }

  async save(folder: string, outputs: Readonly<Record<string, string>>): Promise<string> {
    await mkdir(folder, { recursive: true });
    const signature = {
      outputs: Object.fromEntries(Object.entries(outputs).map(([key, name]) => [key, { name: `${name}:0` }])),
    };
    const weightsManifest = [{ paths: ['weights.bin'], weights: this.#weights.map(({ spec }) => spec) }];
    await writeFile(join(folder, 'weights.bin'), Buffer.concat(this.#weights.map(({ bytes }) => bytes)));
    await writeFile(
      join(folder, 'model.json'),
      JSON.stringify({
        format: 'graph-model',
        modelTopology: { node: this.#nodes, versions: { producer: 440 } },
        signature,
        weightsManifest,
      }),
    );
    return join(folder, 'model.json');
  }
}

/** A tensor as the converter stores it. */
function encode(
  name: string,
  shape: number[],
  values: readonly number[],
  dtype: 'float32' | 'int32',
  quantisation: Quantisation,
): { spec: io.WeightsManifestEntry; bytes: Buffer } {
  const spec = { name, shape, dtype };
  if (quantisation === null) {
    const typed = dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values);
    return { spec, bytes: Buffer.from(typed.buffer) };
  }
  if (quantisation === 'float16') {
    const bits = Uint16Array.from(values, toHalf);
    return {
      spec: { ...spec, quantization: { dtype: 'float16' } },
      bytes: Buffer.from(bits.buffer),
    };
  }
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const steps = quantisation === 'uint8' ? 255 : 65_535;
  const scale = (max - min) / steps;
  const stored = values.map((value) => Math.round((value - min) / scale));
  const typed = quantisation === 'uint8' ? Uint8Array.from(stored) : Uint16Array.from(stored);
  return {
    spec: { ...spec, quantization: { dtype: quantisation, scale, min } },
    bytes: Buffer.from(typed.buffer),
  };
}

/** Rounds towards 0, small numbers to 0: any nearby half will do here. */
function toHalf(value: number): number {
  const sign = value < 0 ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size < 2 ** -14) return sign;
  const exponent = Math.floor(Math.log2(size));
  return sign | ((exponent + 15) << 10) | Math.floor((size / 2 ** exponent - 1) * 1024);
}

export type { Tensor };

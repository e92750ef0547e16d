import { BinaryWriter } from '@bufbuild/protobuf/wire';
import * as ort from 'onnxruntime-node';
import { numbers } from '../contracts/generated.js';
import { quantile } from './measure.js';

/** Rows, columns and depth of the product that is measured: fills the registers, stays in the second cache. */
const SIZE = { rows: 384, depth: 768, columns: 768 };

/**
 * What one thread of this processor reaches, in 32-bit multiply-adds a second times two: the best tenth of many products
 * of two matrices by onnxruntime, whose kernel uses every vector unit there is. The best, not the median, since a
 * peak is what the machine can do when nobody disturbs it.
 *
 * @returns GFLOP/s
 */
export async function measurePeak(forMs: number): Promise<number> {
  const next = numbers(11);
  const { rows, depth, columns } = SIZE;
  const fill = (count: number) => Float32Array.from({ length: count }, () => next() - 0.5);
  const session = await ort.InferenceSession.create(writeProduct(fill(depth * columns)), {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const a = new ort.Tensor('float32', fill(rows * depth), [rows, depth]);
  const times: number[] = [];
  for (const until = performance.now() + forMs; performance.now() < until || times.length < 20;) {
    const start = performance.now();
    await session.run({ a });
    times.push(performance.now() - start);
  }
  await session.release();
  return (2 * rows * depth * columns) / (quantile(times, 0.1) * 1e6);
}

/** The smallest ONNX model that multiplies: product = a x b, with b in the model so that it is packed once. */
function writeProduct(b: Float32Array): Uint8Array {
  const { rows, depth, columns } = SIZE;
  const field = (number: number) => (number << 3) | 2;
  const integer = (number: number) => number << 3;
  const graph = new BinaryWriter();
  const node = graph.uint32(field(1)).fork();
  node.uint32(field(1)).string('a').uint32(field(1)).string('b');
  node.uint32(field(2)).string('product').uint32(field(4)).string('MatMul').join();
  graph.uint32(field(2)).string('product');
  const tensor = graph.uint32(field(5)).fork();
  tensor.uint32(integer(1)).int64(depth).uint32(integer(1)).int64(columns).uint32(integer(2)).int32(1);
  tensor.uint32(field(8)).string('b').uint32(field(9)).bytes(new Uint8Array(b.buffer)).join();
  const value = (number: number, name: string, shape: readonly number[]): void => {
    const type = graph.uint32(field(number)).fork().uint32(field(1)).string(name).uint32(field(2)).fork();
    const dense = type.uint32(field(1)).fork().uint32(integer(1)).int32(1);
    const dimensions = dense.uint32(field(2)).fork();
    for (const length of shape) dimensions.uint32(field(1)).fork().uint32(integer(1)).int64(length).join();
    dimensions.join().join().join().join();
  };
  value(11, 'a', [rows, depth]);
  value(12, 'product', [rows, columns]);
  const model = new BinaryWriter();
  model.uint32(integer(1)).int64(8).uint32(field(7)).bytes(graph.finish());
  model.uint32(field(8)).fork().uint32(field(1)).string('').uint32(integer(2)).int64(17).join();
  return model.finish();
}

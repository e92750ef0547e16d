import { BinaryWriter } from '@bufbuild/protobuf/wire';

/** Element types of onnx.proto. */
const UINT8 = 2;
const INT8 = 3;
const INT32 = 6;
const INT64 = 7;

/**
 * The gallery's coarse search as an ONNX model (IR version 8, operator set 17; the numbers are onnx.proto's field
 * numbers): `minima` = the least of `norms - (codes - zero) x probes` over each block of rows. How many probes there
 * are is told at each run by `blocks`, which is [-1, block, probes].
 */
export function writeMinimaModel({
  length,
  zero,
}: {
  length: number;
  zero: number;
}): Uint8Array<ArrayBuffer> {
  const graph = new BinaryWriter();
  node(graph, 'MatMulInteger', ['codes', 'probes', 'zero'], 'products');
  node(graph, 'Sub', ['norms', 'products'], 'results');
  node(graph, 'Reshape', ['results', 'blocks'], 'cut');
  node(graph, 'ReduceMin', ['cut'], 'minima', { axes: 1, keepdims: 0 });
  graph.uint32(tag(2)).string('gallery');
  graph.uint32(tag(5)).fork();
  graph
    .uint32(varint(2))
    .int32(UINT8)
    .uint32(tag(8))
    .string('zero')
    .uint32(tag(9))
    .bytes(Uint8Array.of(zero));
  graph.join();
  value(graph, 11, 'codes', UINT8, ['rows', length]);
  value(graph, 11, 'norms', INT32, ['rows', 1]);
  value(graph, 11, 'probes', INT8, [length, 'count']);
  value(graph, 11, 'blocks', INT64, [3]);
  value(graph, 12, 'minima', INT32, null);
  const model = new BinaryWriter();
  model.uint32(varint(1)).int64(8).uint32(tag(2)).string('gatehouse').uint32(tag(7)).bytes(graph.finish());
  model.uint32(tag(8)).fork().uint32(tag(1)).string('').uint32(varint(2)).int64(17).join();
  return model.finish();
}

function node(
  graph: BinaryWriter,
  type: string,
  inputs: readonly string[],
  output: string,
  reduce?: { axes: number; keepdims: number },
): void {
  const written = graph.uint32(tag(1)).fork();
  for (const input of inputs) written.uint32(tag(1)).string(input);
  written.uint32(tag(2)).string(output).uint32(tag(4)).string(type);
  if (reduce) {
    // Types of attributes: 7 is a list of integers, 2 one integer.
    written.uint32(tag(5)).fork().uint32(tag(1)).string('axes');
    written.uint32(varint(8)).int64(reduce.axes).uint32(varint(20)).int32(7).join();
    written.uint32(tag(5)).fork().uint32(tag(1)).string('keepdims');
    written.uint32(varint(3)).int64(reduce.keepdims).uint32(varint(20)).int32(2).join();
  }
  written.join();
}

/** An input (field 11) or output (12). Lengths that are words are free. */
function value(
  graph: BinaryWriter,
  field: number,
  name: string,
  type: number,
  shape: readonly (string | number)[] | null,
): void {
  graph.uint32(tag(field)).fork().uint32(tag(1)).string(name);
  graph.uint32(tag(2)).fork().uint32(tag(1)).fork().uint32(varint(1)).int32(type);
  if (shape) {
    graph.uint32(tag(2)).fork();
    for (const size of shape) {
      graph.uint32(tag(1)).fork();
      if (typeof size === 'number') graph.uint32(varint(1)).int64(size);
      else graph.uint32(tag(2)).string(size);
      graph.join();
    }
    graph.join();
  }
  graph.join().join().join();
}

/** Tag of a length-delimited field. */
function tag(field: number): number {
  return (field << 3) | 2;
}

/** Tag of an integer field. */
function varint(field: number): number {
  return field << 3;
}

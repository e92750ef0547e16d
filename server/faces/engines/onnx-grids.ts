import type { OnnxGraph } from './onnx-graph.js';
import type { Grid } from './quantise.js';

// How 8 bits are written in ONNX: QuantizeLinear and DequantizeLinear around operators that look like floats ("QDQ"), which
// onnxruntime fuses to operators on integers. A result `id` with a grid lies in `id/stored` as integers.

/** From `id/exact` to 8 bits and back, which leaves what they can hold in `id`. */
export function throughGrid(graph: OnnxGraph, id: string, grid: Grid): void {
  const ends = writeGrid(graph, id, grid);
  graph.node('QuantizeLinear', [`${id}/exact`, ...ends], `${id}/stored`);
  graph.node('DequantizeLinear', [`${id}/stored`, ...ends], id);
}

/**
 * Pads a result that shares the grid of its input: the stored numbers as they are, for onnxruntime has no padding between
 * DequantizeLinear and QuantizeLinear but in floats.
 */
export function padStored(graph: OnnxGraph, input: string, id: string, pads: string, grid: Grid): void {
  const [scale, zero] = writeGrid(graph, id, grid);
  graph.node('Pad', [`${input}/stored`, pads, zero], `${id}/stored`);
  graph.node('DequantizeLinear', [`${id}/stored`, scale, zero], id);
}

/** An initialiser in integers that is read as floats: one scale for each of the first axis. */
export function storedTensor(
  graph: OnnxGraph,
  name: string,
  shape: readonly number[],
  values: Int8Array | Int32Array,
  scales: Float32Array,
): void {
  const stored = graph.tensor(`${name}/stored`, shape, values);
  const scale = graph.tensor(`${name}/scale`, [scales.length], scales);
  graph.node('DequantizeLinear', [stored, scale], name, { axis: 0 });
}

function writeGrid(graph: OnnxGraph, id: string, { scale, zeroPoint }: Grid): [scale: string, zero: string] {
  return [
    graph.tensor(`${id}/scale`, [], new Float32Array([scale])),
    graph.tensor(`${id}/zero`, [], new Uint8Array([zeroPoint])),
  ];
}

import { OnnxGraph } from './onnx-graph.js';
import { openSession, type Onnxruntime } from './onnxruntime.js';
import { storedTensor, throughGrid } from './onnx-grids.js';

/** 8 bits with a sign, and one fewer. */
const FULL = 127;
export const REDUCED = 63;
const CHANNELS = 64;

/**
 * The largest magnitude that a filter's values may have on this processor. x86 without VNNI multiplies pairs of 8-bit numbers
 * and adds each pair in 16 bits, where 255 * 127 * 2 is cut off at 32767; filters of 7 bits never reach that. Nothing in
 * Node tells whether a processor has VNNI, so the sum that would be cut off is computed and looked at.
 */
export async function largestFilter(library: Onnxruntime): Promise<number> {
  const graph = new OnnxGraph();
  const pixel = { scale: 1, zeroPoint: 0 };
  graph.node('Identity', ['picture'], 'input/exact');
  throughGrid(graph, 'input', pixel);
  storedTensor(
    graph,
    'filters',
    [CHANNELS, CHANNELS, 1, 1],
    new Int8Array(CHANNELS * CHANNELS).fill(FULL),
    new Float32Array(CHANNELS).fill(1),
  );
  graph.node('Conv', ['input', 'filters'], 'sum/exact', { kernel_shape: [1, 1] });
  const sum = 255 * FULL * CHANNELS;
  throughGrid(graph, 'sum', { scale: sum / 255, zeroPoint: 0 });
  const model = graph.finish('saturation', { name: 'picture', shape: [1, CHANNELS, 4, 4] }, ['sum']);
  const session = await openSession(library, model, 1);
  try {
    const input = new Float32Array(CHANNELS * 16).fill(255);
    const results = await session.run({
      picture: new library.ort.Tensor('float32', input, [1, CHANNELS, 4, 4]),
    });
    const [first] = results['sum'].data as Float32Array;
    return first > sum * 0.99 ? FULL : REDUCED;
  } finally {
    await session.release();
  }
}

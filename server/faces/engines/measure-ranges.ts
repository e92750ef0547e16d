import type { Network } from '../../../models/network.js';
import type { Ranges } from '../../../models/ranges.js';
import type { Weights } from '../../../models/weights.js';
import { foldNetwork } from './fold.js';
import { loadOnnxruntime, openSession } from './onnxruntime.js';
import { measured } from './quantise.js';
import { writeOnnx } from './write-onnx.js';

/**
 * The least and the most of every result of a network that 8 bits will hold, over all the pictures. Blocks its thread for
 * some milliseconds a picture; rejects with ENGINE_NOT_FOUND where onnxruntime is not on this machine.
 *
 * @param pictures each height x width x 3 numbers, 0..255, of the network's own input size
 */
export async function measureRanges(
  network: Network,
  weights: Weights,
  pictures: readonly Float32Array[],
): Promise<Ranges> {
  const library = loadOnnxruntime();
  const plan = foldNetwork(network, weights);
  const ids = measured(plan);
  const session = await openSession(library, writeOnnx({ ...plan, outputs: ids }), 1);
  const ranges = ids.map((): [number, number] => [Infinity, -Infinity]);
  try {
    for (const pixels of pictures) {
      const picture = new library.ort.Tensor('float32', pixels, [
        1,
        plan.input.height!,
        plan.input.width!,
        3,
      ]);
      const results = await session.run({ picture });
      session.outputNames.forEach((name, i) => {
        for (const value of results[name].data as Float32Array) {
          if (value < ranges[i][0]) ranges[i][0] = value;
          if (value > ranges[i][1]) ranges[i][1] = value;
        }
      });
    }
  } finally {
    await session.release();
  }
  return Object.fromEntries(ids.map((id, i) => [id, ranges[i]]));
}

import { GatehouseError } from '../../base/errors.js';
import { firstLine, loadOnnxruntime, openSession } from './onnxruntime.js';
import { writeMinimaModel } from './write-minima-model.js';

/** Products of whole numbers and the smallest of each block; see BlockMinima of the gallery, which it serves. */
export interface OnnxMinima {
  readonly description: string;
  run(codes: Uint8Array, norms: Int32Array, probes: Int8Array, count: number): Promise<Int32Array>;
  close(): Promise<void>;
}

/**
 * The gallery's coarse search on onnxruntime, on the thread that calls it and no other. Rejects with
 * ENGINE_NOT_FOUND where onnxruntime does not load, ENGINE_FAILED where it cannot run the model.
 *
 * @param zero the code that stands for nought
 */
export async function openOnnxMinima(shape: {
  length: number;
  block: number;
  zero: number;
}): Promise<OnnxMinima> {
  const library = loadOnnxruntime();
  const { ort, version } = library;
  const session = await openSession(library, writeMinimaModel(shape), 1).catch((cause: unknown) => {
    throw failed('onnxruntime cannot load the search of the gallery', cause);
  });
  const { length, block } = shape;
  return {
    description: `onnxruntime ${version}`,
    async run(codes, norms, probes, count) {
      const rows = norms.length;
      try {
        const { minima } = await session.run({
          codes: new ort.Tensor('uint8', codes, [rows, length]),
          norms: new ort.Tensor('int32', norms, [rows, 1]),
          probes: new ort.Tensor('int8', probes, [length, count]),
          blocks: new ort.Tensor('int64', BigInt64Array.of(-1n, BigInt(block), BigInt(count)), [3]),
        });
        return minima.data as Int32Array;
      } catch (cause) {
        throw failed('onnxruntime failed at searching the gallery', cause);
      }
    },
    close: () => session.release(),
  };
}

function failed(what: string, cause: unknown): GatehouseError {
  const message = `${what}: ${firstLine(cause)}`;
  return new GatehouseError('ENGINE_FAILED', message, 'Report this with the log.', { cause });
}

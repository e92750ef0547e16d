import { GatehouseError } from '../server/base/errors.js';
import type { Tensor } from './tensor.js';

/** One tensor of a TensorFlow.js weights manifest: they follow one another in the binary. */
export interface TfjsTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Left out: 32-bit values. float16 has no scale; the others are value = stored * scale + min. */
  readonly quantization?: { readonly dtype: string; readonly scale?: number; readonly min?: number };
}

/**
 * The tensors of a TensorFlow.js binary, integers and booleans as floats too. Throws MODEL_UNSUPPORTED for a type of
 * number that weights do not have, MODEL_INCOMPLETE where the binary ends early.
 */
export function decodeWeights(entries: readonly TfjsTensor[], bytes: Uint8Array): Map<string, Tensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tensors = new Map<string, Tensor>();
  let offset = 0;
  for (const entry of entries) {
    const stored = STORED[entry.quantization?.dtype ?? entry.dtype];
    if (stored === undefined)
      throw new GatehouseError(
        'MODEL_UNSUPPORTED',
        `The weight ${entry.name} is of the type ${entry.quantization?.dtype ?? entry.dtype}.`,
        'Convert the model again, with float32 or quantised weights.',
      );
    const count = entry.shape.reduce((all, length) => all * length, 1);
    if (offset + count * stored.bytes > bytes.byteLength)
      throw new GatehouseError(
        'MODEL_INCOMPLETE',
        `The weights end within ${entry.name}: ${bytes.byteLength} bytes are there.`,
        'Get all of the model’s files again.',
      );
    const { scale = 1, min = 0 } = entry.quantization ?? {};
    const values = new Float32Array(count);
    for (let i = 0; i < count; i += 1, offset += stored.bytes)
      values[i] = stored.read(view, offset) * scale + min;
    tensors.set(entry.name, { shape: entry.shape, values });
  }
  return tensors;
}

const STORED: Record<
  string,
  { bytes: number; read: (view: DataView, offset: number) => number } | undefined
> = {
  float32: { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) },
  int32: { bytes: 4, read: (view, offset) => view.getInt32(offset, true) },
  uint8: { bytes: 1, read: (view, offset) => view.getUint8(offset) },
  bool: { bytes: 1, read: (view, offset) => view.getUint8(offset) },
  uint16: { bytes: 2, read: (view, offset) => view.getUint16(offset, true) },
  float16: { bytes: 2, read: (view, offset) => half(view.getUint16(offset, true)) },
};

/** IEEE 754 binary16: a sign, five bits of exponent, ten of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

import { BinaryWriter } from '@bufbuild/protobuf/wire';

/** What a node is told beside its inputs. */
export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

/** Element types of onnx.proto that are used here, and the typed array that holds each. */
const ELEMENT = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7 } as const;
type Values = Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

/**
 * Collects the nodes and initialisers of an ONNX graph (onnx.proto of the ONNX project, IR version 8, operator set
 * 17) as protobuf; the numbers are onnx.proto's field numbers.
 */
export class OnnxGraph {
  readonly #writer = new BinaryWriter();

  node(type: string, inputs: readonly string[], output: string, attributes: Attributes = {}): void {
    const node = this.#writer.uint32(tag(1)).fork();
    for (const input of inputs) node.uint32(tag(1)).string(input);
    node.uint32(tag(2)).string(output);
    node.uint32(tag(3)).string(output);
    node.uint32(tag(4)).string(type);
    for (const [name, value] of Object.entries(attributes)) {
      const attribute = node.uint32(tag(5)).fork();
      attribute.uint32(tag(1)).string(name);
      if (typeof value === 'string') attribute.uint32(tag(4)).string(value).uint32(varint(20)).int32(3);
      else if (name === 'alpha')
        attribute
          .uint32((2 << 3) | 5)
          .float(value as number)
          .uint32(varint(20))
          .int32(1);
      else if (typeof value === 'number')
        attribute.uint32(varint(3)).int64(value).uint32(varint(20)).int32(2);
      else {
        for (const number of value) attribute.uint32(varint(8)).int64(number);
        attribute.uint32(varint(20)).int32(7);
      }
      attribute.join();
    }
    node.join();
  }

  /** An initialiser. @returns its name */
  tensor(name: string, shape: readonly number[], values: Values): string {
    const tensor = this.#writer.uint32(tag(5)).fork();
    for (const length of shape) tensor.uint32(varint(1)).int64(length);
    tensor.uint32(varint(2)).int32(elementOf(values));
    tensor.uint32(tag(8)).string(name);
    // Raw data is little-endian, as is every machine that the engine runs on.
    tensor.uint32(tag(9)).bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    tensor.join();
    return name;
  }

  integers(name: string, values: readonly number[]): string {
    return this.tensor(name, [values.length], BigInt64Array.from(values, BigInt));
  }

  /** The whole model. Lengths that are words are free. */
  finish(
    name: string,
    input: { name: string; shape: readonly (string | number)[] },
    outputs: readonly string[],
  ): Uint8Array<ArrayBuffer> {
    this.#writer.uint32(tag(2)).string(name);
    this.#value(11, input.name, input.shape);
    for (const output of outputs) this.#value(12, output, null);
    const model = new BinaryWriter();
    model.uint32(varint(1)).int64(8);
    model.uint32(tag(2)).string('gatehouse');
    model.uint32(tag(7)).bytes(this.#writer.finish());
    model.uint32(tag(8)).fork().uint32(tag(1)).string('').uint32(varint(2)).int64(17).join();
    return model.finish();
  }

  #value(field: number, name: string, shape: readonly (string | number)[] | null): void {
    const value = this.#writer.uint32(tag(field)).fork();
    value.uint32(tag(1)).string(name);
    const tensor = value.uint32(tag(2)).fork().uint32(tag(1)).fork();
    tensor.uint32(varint(1)).int32(ELEMENT.float);
    if (shape) {
      const dimensions = tensor.uint32(tag(2)).fork();
      for (const length of shape) {
        const dimension = dimensions.uint32(tag(1)).fork();
        if (typeof length === 'number') dimension.uint32(varint(1)).int64(length);
        else dimension.uint32(tag(2)).string(length);
        dimension.join();
      }
      dimensions.join();
    }
    tensor.join().join();
    value.join();
  }
}

function elementOf(values: Values): number {
  if (values instanceof Float32Array) return ELEMENT.float;
  if (values instanceof Uint8Array) return ELEMENT.uint8;
  if (values instanceof Int8Array) return ELEMENT.int8;
  return values instanceof Int32Array ? ELEMENT.int32 : ELEMENT.int64;
}

/** Tag of a length-delimited field. */
function tag(field: number): number {
  return (field << 3) | 2;
}

/** Tag of an integer field. */
function varint(field: number): number {
  return field << 3;
}

import { BinaryWriter } from '@bufbuild/protobuf/wire';

/** Value of a node's attribute; what a plain number or list is, its kind says, since the format tells them apart. */
export type Attribute =
  | { type: 'float' | 'int32' }
  | { text: string }
  | { integers: readonly number[] }
  | { integer: number }
  | { float: number }
  | { flag: boolean }
  | { shape: readonly (number | null)[] };

const DTYPES = { float: 1, int32: 3 } as const;
/** Producer of graphs as TensorFlow 2.9 writes them (graph.proto: versions); later ones read them too. */
const PRODUCER = 1087;

/**
 * Collects the nodes of a TensorFlow graph and writes them as a SavedModel without variables. The numbers are field
 * numbers of TensorFlow's saved_model.proto, meta_graph.proto, graph.proto, node_def.proto, attr_value.proto and
 * tensor.proto.
 */
export class GraphDef {
  readonly #graph = new BinaryWriter();

  /** @returns `name`, for the inputs of others */
  node(op: string, name: string, inputs: readonly string[], attributes: Record<string, Attribute>): string {
    const node = this.#node(op, name, inputs);
    for (const [key, value] of Object.entries(attributes)) {
      const attribute = entry(node, 5, key);
      writeAttribute(attribute, value);
      attribute.join().join();
    }
    node.join();
    return name;
  }

  floats(name: string, shape: readonly number[], values: Float32Array): string {
    return this.#constant(name, 'float', shape, values);
  }

  integers(name: string, values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.#constant(name, 'int32', shape, Int32Array.from(values));
  }

  #constant(
    name: string,
    type: 'float' | 'int32',
    shape: readonly number[],
    values: Float32Array | Int32Array,
  ): string {
    const node = this.#node('Const', name, []);
    writeAttribute(entry(node, 5, 'dtype'), { type })
      .join()
      .join();
    const attribute = entry(node, 5, 'value');
    const tensor = attribute.uint32(tag(8)).fork();
    tensor.uint32(varint(1)).int32(DTYPES[type]);
    writeShape(tensor.uint32(tag(2)).fork(), shape).join();
    // Raw content is little-endian, as is every machine that the engine runs on.
    tensor.uint32(tag(4)).bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    tensor.join();
    attribute.join().join();
    node.join();
    return name;
  }

  #node(op: string, name: string, inputs: readonly string[]): BinaryWriter {
    const node = this.#graph.uint32(tag(1)).fork();
    node.uint32(tag(1)).string(name).uint32(tag(2)).string(op);
    for (const input of inputs) node.uint32(tag(3)).string(input);
    return node;
  }

  /**
   * The whole as `saved_model.pb`, with the tag `serve` and one signature, `serving_default`.
   *
   * @param input name of the placeholder, which is also its name in the signature
   * @param outputs nodes by their names in the signature
   */
  finish(
    input: { name: string; shape: readonly (number | null)[] },
    outputs: Record<string, string>,
  ): Uint8Array {
    this.#graph.uint32(tag(4)).fork().uint32(varint(1)).int32(PRODUCER).join();
    const model = new BinaryWriter();
    model.uint32(varint(1)).int64(1);
    const meta = model.uint32(tag(2)).fork();
    meta.uint32(tag(1)).fork().uint32(tag(4)).string('serve').join();
    meta.uint32(tag(2)).bytes(this.#graph.finish());
    const signature = entry(meta, 5, 'serving_default');
    writeInfo(entry(signature, 1, input.name), input.name, input.shape)
      .join()
      .join();
    for (const [key, name] of Object.entries(outputs))
      writeInfo(entry(signature, 2, key), name, null)
        .join()
        .join();
    signature.uint32(tag(3)).string('tensorflow/serving/predict');
    signature.join().join();
    meta.join();
    return model.finish();
  }
}

/** Begins an entry of a map field: its key, and a message as its value; two joins end it. */
function entry(writer: BinaryWriter, field: number, key: string): BinaryWriter {
  return writer.uint32(tag(field)).fork().uint32(tag(1)).string(key).uint32(tag(2)).fork();
}

function writeInfo(
  writer: BinaryWriter,
  name: string,
  shape: readonly (number | null)[] | null,
): BinaryWriter {
  writer.uint32(tag(1)).string(`${name}:0`).uint32(varint(2)).int32(DTYPES.float);
  const written = writer.uint32(tag(3)).fork();
  if (shape) writeShape(written, shape);
  else written.uint32(varint(3)).bool(true);
  return written.join();
}

/** null: any length. */
function writeShape(writer: BinaryWriter, shape: readonly (number | null)[]): BinaryWriter {
  for (const length of shape)
    writer
      .uint32(tag(2))
      .fork()
      .uint32(varint(1))
      .int64(length ?? -1)
      .join();
  return writer;
}

function writeAttribute(writer: BinaryWriter, value: Attribute): BinaryWriter {
  if ('type' in value) return writer.uint32(varint(6)).int32(DTYPES[value.type]);
  if ('text' in value) return writer.uint32(tag(2)).string(value.text);
  if ('integer' in value) return writer.uint32(varint(3)).int64(value.integer);
  if ('float' in value) return writer.uint32((4 << 3) | 5).float(value.float);
  if ('flag' in value) return writer.uint32(varint(5)).bool(value.flag);
  if ('shape' in value) return writeShape(writer.uint32(tag(7)).fork(), value.shape).join();
  const list = writer.uint32(tag(1)).fork();
  for (const integer of value.integers) list.uint32(varint(3)).int64(integer);
  return list.join();
}

/** Tag of a length-delimited field. */
function tag(field: number): number {
  return (field << 3) | 2;
}

/** Tag of an integer field. */
function varint(field: number): number {
  return field << 3;
}

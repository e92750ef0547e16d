import { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { Padding } from '../../../models/network.js';
import type { Activation, Plan, Step } from './fold.js';

/**
 * Writes a plan as an ONNX model (onnx.proto of the ONNX project, IR version 8, operator set 17). The input keeps
 * channels last, batch and free sides open; every output that is a map is given back channels last.
 */
export function writeOnnx(plan: Plan): Uint8Array<ArrayBuffer> {
  const graph = new Graph();
  // ONNX computes channels first.
  graph.node('Transpose', ['picture'], 'input', { perm: [0, 3, 1, 2] });
  /** Results that are maps, batch x channels x height x width; the others are rows. */
  const maps = new Set(['input']);

  for (const step of plan.steps) {
    const { id } = step;
    if (makesMap(step, maps)) maps.add(id);
    switch (step.op) {
      case 'convolution': {
        const [height, width, channelsIn, channelsOut] = step.shape;
        const out = step.depthwise ? channelsIn : channelsOut;
        const filters = graph.tensor(
          `${id}/filters`,
          [out, step.depthwise ? 1 : channelsIn, height, width],
          outFirst(step.filters, height * width, step.depthwise ? 1 : channelsIn, out),
        );
        const bias = graph.tensor(`${id}/bias`, [out], step.bias);
        const result = step.activation ? `${id}/linear` : id;
        graph.node('Conv', [step.input, filters, bias], result, {
          kernel_shape: [height, width],
          strides: [step.stride, step.stride],
          group: step.depthwise ? out : 1,
          ...padding(step.padding),
        });
        if (step.activation) activate(graph, step.activation, result, id);
        break;
      }
      case 'scale': {
        const shape = maps.has(id) ? [step.factor.length, 1, 1] : [step.factor.length];
        graph.node('Mul', [step.input, graph.tensor(`${id}/factor`, shape, step.factor)], `${id}/scaled`);
        graph.node('Add', [`${id}/scaled`, graph.tensor(`${id}/offset`, shape, step.offset)], id);
        break;
      }
      case 'activation':
        activate(graph, step.activation, step.input, id);
        break;
      case 'maxPool':
      case 'averagePool':
      case 'l2Pool': {
        const common = {
          kernel_shape: [step.size, step.size],
          strides: [step.stride, step.stride],
          ...padding(step.padding),
        };
        if (step.op === 'l2Pool') graph.node('LpPool', [step.input], id, { ...common, p: 2 });
        else graph.node(step.op === 'maxPool' ? 'MaxPool' : 'AveragePool', [step.input], id, common);
        break;
      }
      case 'pad': {
        const { top, right, bottom, left } = step.edges;
        graph.node(
          'Pad',
          [step.input, graph.integers(`${id}/pads`, [0, 0, top, left, 0, 0, bottom, right])],
          id,
        );
        break;
      }
      case 'padChannels':
        graph.node('Pad', [step.input, graph.integers(`${id}/pads`, [0, 0, 0, 0, 0, step.count, 0, 0])], id);
        break;
      case 'sliceChannels': {
        const range = (name: string, value: number): string => graph.integers(`${id}/${name}`, [value]);
        const [from, until] = [range('from', step.from), range('until', step.from + step.count)];
        graph.node('Slice', [step.input, from, until, range('axis', 1)], id);
        break;
      }
      case 'prelu': {
        const shape = maps.has(id) ? [step.slopes.length, 1, 1] : [step.slopes.length];
        graph.node('PRelu', [step.input, graph.tensor(`${id}/slopes`, shape, step.slopes)], id);
        break;
      }
      case 'sigmoid':
        graph.node('Sigmoid', [step.input], id);
        break;
      case 'softmax':
        graph.node('Softmax', [step.input], id, { axis: maps.has(id) ? 1 : -1 });
        break;
      case 'add':
        graph.node('Add', [step.input, step.other], id);
        break;
      case 'multiply':
        graph.node('Mul', [step.input, step.other], id);
        break;
      case 'flatten': {
        const isMap = maps.has(step.input);
        if (isMap) graph.node('Transpose', [step.input], `${id}/last`, { perm: [0, 2, 3, 1] });
        graph.node('Flatten', [isMap ? `${id}/last` : step.input], id, { axis: 1 });
        break;
      }
      case 'asMap':
        graph.node('Reshape', [step.input, graph.integers(`${id}/shape`, [0, -1, 1, 1])], id);
        break;
      case 'standardise':
        standardise(graph, step.input, id, step.least);
        break;
      case 'concat':
        graph.node('Concat', step.inputs, id, { axis: 1 });
        break;
      case 'globalAverage':
        graph.node('GlobalAveragePool', [step.input], `${id}/map`);
        graph.node('Flatten', [`${id}/map`], id, { axis: 1 });
        break;
      case 'dense': {
        const weights = graph.tensor(`${id}/weights`, step.shape, step.weights);
        const bias = step.bias ? [graph.tensor(`${id}/bias`, [step.shape[1]], step.bias)] : [];
        graph.node('Gemm', [step.input, weights, ...bias], id);
        break;
      }
      case 'l2Normalise':
        graph.node('LpNormalization', [step.input], id, { axis: 1, p: 2 });
        break;
      case 'rows':
        graph.node('Transpose', [step.input], `${id}/last`, { perm: [0, 2, 3, 1] });
        graph.node('Reshape', [`${id}/last`, graph.integers(`${id}/shape`, [0, -1, step.length])], id);
        break;
    }
  }

  const outputs = plan.outputs.map((id) => {
    if (!maps.has(id)) return id;
    graph.node('Transpose', [id], `${id}/last`, { perm: [0, 2, 3, 1] });
    return `${id}/last`;
  });
  return graph.finish(plan, outputs);
}

const ROWS = new Set<string>(['rows', 'dense', 'globalAverage', 'l2Normalise', 'flatten']);
/** Steps whose result is a map where their input is one. */
const EITHER = new Set<string>(['scale', 'activation', 'prelu', 'sigmoid', 'softmax', 'add', 'multiply']);

function makesMap(step: Step, maps: ReadonlySet<string>): boolean {
  if (step.op === 'concat') return step.axis === 'channels';
  return EITHER.has(step.op) ? maps.has(step.input) : !ROWS.has(step.op);
}
const FLOAT = 1;
const INT64 = 7;

type Attributes = Record<string, number | string | readonly number[]>;

/** Collects the nodes and initialisers of an ONNX graph as protobuf; the numbers are onnx.proto's field numbers. */
class Graph {
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

  tensor(name: string, shape: readonly number[], values: Float32Array): string {
    return this.#initialiser(name, shape, FLOAT, values);
  }

  integers(name: string, values: readonly number[]): string {
    return this.#initialiser(name, [values.length], INT64, BigInt64Array.from(values, BigInt));
  }

  #initialiser(name: string, shape: readonly number[], type: number, values: ArrayBufferView): string {
    const tensor = this.#writer.uint32(tag(5)).fork();
    for (const length of shape) tensor.uint32(varint(1)).int64(length);
    tensor.uint32(varint(2)).int32(type);
    tensor.uint32(tag(8)).string(name);
    // Raw data is little-endian, as is every machine that the engine runs on.
    tensor.uint32(tag(9)).bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    tensor.join();
    return name;
  }

  finish(plan: Plan, outputs: readonly string[]): Uint8Array<ArrayBuffer> {
    this.#writer.uint32(tag(2)).string(plan.name);
    this.#value(11, 'picture', ['batch', plan.input.height ?? 'height', plan.input.width ?? 'width', 3]);
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
    tensor.uint32(varint(1)).int32(FLOAT);
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

/** Tag of a length-delimited field. */
function tag(field: number): number {
  return (field << 3) | 2;
}

/** Tag of an integer field. */
function varint(field: number): number {
  return field << 3;
}

function padding(value: Padding): Attributes {
  if (value === 'same') return { auto_pad: 'SAME_UPPER' };
  if (value === 'valid') return {};
  return { pads: [value.top, value.left, value.bottom, value.right] };
}

function activate(graph: Graph, activation: Activation, input: string, output: string): void {
  if (activation.kind === 'relu') graph.node('Relu', [input], output);
  else if (activation.kind === 'leakyRelu')
    graph.node('LeakyRelu', [input], output, { alpha: activation.slope });
  else {
    const low = graph.tensor(`${output}/low`, [], new Float32Array([0]));
    const high = graph.tensor(`${output}/high`, [], new Float32Array([6]));
    graph.node('Clip', [input, low, high], output);
  }
}

function standardise(graph: Graph, input: string, id: string, least: number): void {
  const everything = { axes: [1, 2, 3], keepdims: 1 };
  graph.node('ReduceMean', [input], `${id}/mean`, everything);
  graph.node('Sub', [input, `${id}/mean`], `${id}/centred`);
  graph.node('Mul', [`${id}/centred`, `${id}/centred`], `${id}/squares`);
  graph.node('ReduceMean', [`${id}/squares`], `${id}/variance`, everything);
  const lowest = graph.tensor(`${id}/least`, [], new Float32Array([least * least]));
  graph.node('Max', [`${id}/variance`, lowest], `${id}/bounded`);
  graph.node('Sqrt', [`${id}/bounded`], `${id}/deviation`);
  graph.node('Div', [`${id}/centred`, `${id}/deviation`], id);
}

/** height x width x in x out to out x in x height x width. */
function outFirst(values: Float32Array, area: number, channelsIn: number, channelsOut: number): Float32Array {
  const turned = new Float32Array(values.length);
  for (let place = 0, i = 0; place < area; place += 1)
    for (let channel = 0; channel < channelsIn; channel += 1)
      for (let out = 0; out < channelsOut; out += 1, i += 1)
        turned[(out * channelsIn + channel) * area + place] = values[i]!;
  return turned;
}

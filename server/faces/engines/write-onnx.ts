import { around, type Padding } from '../../../models/network.js';
import type { Activation, Plan, Step } from './fold.js';
import { OnnxGraph, type Attributes } from './onnx-graph.js';
import { padStored, storedTensor, throughGrid } from './onnx-grids.js';
import { isQuantised, quantiseFilters, type Grids } from './quantise.js';

type Convolution = Extract<Step, { op: 'convolution' }>;

/** How to write results and filters in 8 bits. */
export interface EightBits {
  grids: Grids;
  /** Largest magnitude of a filter's value. */
  most: number;
}

/**
 * Writes a plan as an ONNX model. The input keeps channels last, batch and free sides open; every output that is a map is
 * given back channels last.
 *
 * @param eightBits null: all in 32-bit floats. Otherwise every result that has a grid passes through QuantizeLinear and
 *   DequantizeLinear, from which onnxruntime makes integer operators
 */
export function writeOnnx(plan: Plan, eightBits: EightBits | null = null): Uint8Array<ArrayBuffer> {
  const graph = new OnnxGraph();
  /** Where a node is to put the result of that id: before it passes through 8 bits, if it does. */
  const exact = (id: string): string => (eightBits?.grids.has(id) ? `${id}/exact` : id);
  const keep = (id: string): void => {
    const grid = eightBits?.grids.get(id);
    if (grid) throughGrid(graph, id, grid);
  };
  // ONNX computes channels first.
  graph.node('Transpose', ['picture'], exact('input'), { perm: [0, 3, 1, 2] });
  keep('input');
  /** Results that are maps, batch x channels x height x width; the others are rows. */
  const maps = new Set(['input']);

  for (const step of plan.steps) {
    const { id } = step;
    const result = exact(id);
    if (step.op === 'concat' ? step.axis === 'channels' : !ROWS.has(step.op)) maps.add(id);
    switch (step.op) {
      case 'convolution': {
        const [height, width, channelsIn] = step.shape;
        const linear = step.activation ? `${id}/linear` : result;
        graph.node('Conv', [step.input, ...filtersAndBias(graph, step, eightBits)], linear, {
          kernel_shape: [height, width],
          strides: [step.stride, step.stride],
          group: step.depthwise ? channelsIn : 1,
          ...padding(step.padding),
        });
        if (step.activation) activate(graph, step.activation, linear, result);
        break;
      }
      case 'scale': {
        const shape = [step.factor.length, 1, 1];
        graph.node('Mul', [step.input, graph.tensor(`${id}/factor`, shape, step.factor)], `${id}/scaled`);
        graph.node('Add', [`${id}/scaled`, graph.tensor(`${id}/offset`, shape, step.offset)], result);
        break;
      }
      case 'activation':
        activate(graph, step.activation, step.input, result);
        break;
      case 'maxPool':
      case 'averagePool':
      case 'l2Pool': {
        const common = {
          kernel_shape: [step.size, step.size],
          strides: [step.stride, step.stride],
          ...padding(step.padding),
        };
        if (step.op === 'l2Pool') graph.node('LpPool', [step.input], result, { ...common, p: 2 });
        else graph.node(step.op === 'maxPool' ? 'MaxPool' : 'AveragePool', [step.input], result, common);
        break;
      }
      case 'pad':
      case 'padChannels': {
        const { top, right, bottom, left } = step.op === 'pad' ? step.edges : around(0);
        const count = step.op === 'pad' ? 0 : step.count;
        const pads = graph.integers(`${id}/pads`, [0, 0, top, left, 0, count, bottom, right]);
        const grid = eightBits?.grids.get(id);
        if (grid) padStored(graph, step.input, id, pads, grid);
        else graph.node('Pad', [step.input, pads], id);
        continue;
      }
      case 'add':
        graph.node('Add', [step.input, step.other], result);
        break;
      case 'concat':
        graph.node('Concat', step.inputs, result, { axis: 1 });
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
        graph.node('LpNormalization', [step.input], result, { axis: 1, p: 2 });
        break;
      case 'rows':
        graph.node('Transpose', [step.input], `${id}/last`, { perm: [0, 2, 3, 1] });
        graph.node('Reshape', [`${id}/last`, graph.integers(`${id}/shape`, [0, -1, step.length])], id);
        break;
    }
    keep(id);
  }

  const outputs = plan.outputs.map((id) => {
    if (!maps.has(id)) return id;
    graph.node('Transpose', [id], `${id}/last`, { perm: [0, 2, 3, 1] });
    return `${id}/last`;
  });
  const { height, width } = plan.input;
  return graph.finish(
    plan.name,
    { name: 'picture', shape: ['batch', height ?? 'height', width ?? 'width', 3] },
    outputs,
  );
}

const ROWS = new Set<string>(['rows', 'dense', 'globalAverage', 'l2Normalise']);

/** Names of the filters, outgoing channels first, and of the bias. */
function filtersAndBias(graph: OnnxGraph, step: Convolution, eightBits: EightBits | null): [string, string] {
  const [height, width, channelsIn, channelsOut] = step.shape;
  const out = step.depthwise ? channelsIn : channelsOut;
  const each = step.depthwise ? 1 : channelsIn;
  const shape = [out, each, height, width];
  const turned = <T extends Float32Array | Int8Array>(values: T): T =>
    outFirst(values, height * width, each, out);
  const names: [string, string] = [`${step.id}/filters`, `${step.id}/bias`];
  if (!eightBits || !isQuantised(step, eightBits.grids)) {
    graph.tensor(names[0], shape, turned(step.filters));
    graph.tensor(names[1], [out], step.bias);
  } else {
    const input = eightBits.grids.get(step.input)!;
    const { filters, scales, bias, biasScales } = quantiseFilters(step, input, eightBits.most);
    storedTensor(graph, names[0], shape, turned(filters), scales);
    storedTensor(graph, names[1], [out], bias, biasScales);
  }
  return names;
}

function padding(value: Padding): Attributes {
  if (value === 'same') return { auto_pad: 'SAME_UPPER' };
  if (value === 'valid') return {};
  return { pads: [value.top, value.left, value.bottom, value.right] };
}

function activate(graph: OnnxGraph, activation: Activation, input: string, output: string): void {
  if (activation.kind === 'relu') graph.node('Relu', [input], output);
  else if (activation.kind === 'leakyRelu')
    graph.node('LeakyRelu', [input], output, { alpha: activation.slope });
  else {
    const low = graph.tensor(`${output}/low`, [], new Float32Array([0]));
    const high = graph.tensor(`${output}/high`, [], new Float32Array([6]));
    graph.node('Clip', [input, low, high], output);
  }
}

/** height x width x in x out to out x in x height x width. */
function outFirst<T extends Float32Array | Int8Array>(
  values: T,
  area: number,
  channelsIn: number,
  channelsOut: number,
): T {
  const turned = new (values.constructor as new (length: number) => T)(values.length);
  for (let place = 0, i = 0; place < area; place += 1)
    for (let channel = 0; channel < channelsIn; channel += 1)
      for (let out = 0; out < channelsOut; out += 1, i += 1)
        turned[(out * channelsIn + channel) * area + place] = values[i]!;
  return turned;
}

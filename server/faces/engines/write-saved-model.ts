import type { Edges, Padding } from '../../../models/network.js';
import type { Activation, Plan, Step } from './fold.js';
import { GraphDef, type Attribute } from './graph-def.js';

const T: Record<string, Attribute> = { T: { type: 'float' } };

/**
 * Writes a plan as a TensorFlow SavedModel: `saved_model.pb`, its weights as constants within. The input is
 * `picture`, batch x height x width x 3 with batch and free sides open; the outputs are `output0`, `output1` ... in
 * the plan's order.
 */
export function writeSavedModel(plan: Plan): Uint8Array {
  const graph = new GraphDef();
  const shape = [null, plan.input.height, plan.input.width, 3];
  graph.node('Placeholder', 'picture', [], { dtype: { type: 'float' }, shape: { shape } });
  for (const step of plan.steps) writeStep(graph, step);
  const outputs = plan.outputs.map((id, i) => [`output${i}`, nodeOf(id)]);
  return graph.finish({ name: 'picture', shape }, Object.fromEntries(outputs) as Record<string, string>);
}

/** Names of nodes begin with a letter; the ids of layers need not. */
function nodeOf(id: string): string {
  return id === 'input' ? 'picture' : `n/${id}`;
}

function writeStep(graph: GraphDef, step: Step): void {
  const name = nodeOf(step.id);
  const x = step.op === 'concat' ? '' : nodeOf(step.input);
  switch (step.op) {
    case 'convolution': {
      const padding = step.depthwise
        ? padded(graph, name, x, step.padding)
        : { x, ...paddingOf(step.padding) };
      const filters = graph.floats(`${name}/filters`, step.shape, step.filters);
      const bias = graph.floats(`${name}/bias`, [step.bias.length], step.bias);
      graph.node(
        step.depthwise ? 'DepthwiseConv2dNative' : 'Conv2D',
        `${name}/linear`,
        [padding.x, filters],
        { ...T, strides: { integers: [1, step.stride, step.stride, 1] }, ...padding.attributes },
      );
      const biased = step.activation ? `${name}/biased` : name;
      graph.node('BiasAdd', biased, [`${name}/linear`, bias], T);
      if (step.activation) activate(graph, step.activation, biased, name);
      break;
    }
    case 'scale': {
      const channels = [step.factor.length];
      const factor = graph.floats(`${name}/factor`, channels, step.factor);
      const offset = graph.floats(`${name}/offset`, channels, step.offset);
      graph.node('AddV2', name, [graph.node('Mul', `${name}/scaled`, [x, factor], T), offset], T);
      break;
    }
    case 'activation':
      activate(graph, step.activation, x, name);
      break;
    case 'maxPool':
      graph.node('MaxPool', name, [x], { ...T, ...windows(step), ...paddingOf(step.padding).attributes });
      break;
    case 'averagePool':
      graph.node('AvgPool', name, [x], { ...T, ...windows(step), ...averaging(step.padding) });
      break;
    case 'l2Pool': {
      const squares = graph.node('Square', `${name}/squares`, [x], T);
      const attributes = { ...T, ...windows(step), ...averaging(step.padding) };
      const means = graph.node('AvgPool', `${name}/means`, [squares], attributes);
      const area = graph.floats(`${name}/area`, [], Float32Array.of(step.size * step.size));
      graph.node('Sqrt', name, [graph.node('Mul', `${name}/sums`, [means, area], T)], T);
      break;
    }
    case 'pad':
      pad(graph, name, x, step.edges);
      break;
    case 'padChannels': {
      // Not `Pad`: TensorFlow 2.15 fuses that into the convolution after it and forgets the channels in doing so.
      const pads = graph.integers(`${name}/edges`, [0, 0, 0, 0, 0, 0, 0, step.count], [4, 2]);
      graph.node('PadV2', name, [x, pads, graph.floats(`${name}/zero`, [], Float32Array.of(0))], T);
      break;
    }
    case 'add':
      graph.node('AddV2', name, [x, nodeOf(step.other)], T);
      break;
    case 'concat': {
      const axis = graph.integers(`${name}/axis`, [step.axis === 'channels' ? 3 : 1], []);
      const inputs = step.inputs.map(nodeOf);
      graph.node('ConcatV2', name, [...inputs, axis], { ...T, N: { integer: inputs.length } });
      break;
    }
    case 'globalAverage':
      graph.node('Mean', name, [x, graph.integers(`${name}/axes`, [1, 2])], T);
      break;
    case 'dense': {
      const weights = graph.floats(`${name}/weights`, step.shape, step.weights);
      const product = step.bias ? `${name}/product` : name;
      graph.node('MatMul', product, [x, weights], T);
      if (step.bias)
        graph.node(
          'BiasAdd',
          name,
          [product, graph.floats(`${name}/bias`, [step.bias.length], step.bias)],
          T,
        );
      break;
    }
    case 'l2Normalise': {
      const squares = graph.node('Square', `${name}/squares`, [x], T);
      const axis = graph.integers(`${name}/axis`, [1]);
      const sum = graph.node('Sum', `${name}/sum`, [squares, axis], { ...T, keep_dims: { flag: true } });
      const length = graph.node('Sqrt', `${name}/length`, [sum], T);
      const least = graph.floats(`${name}/least`, [], Float32Array.of(1e-12));
      graph.node('RealDiv', name, [x, graph.node('Maximum', `${name}/divisor`, [length, least], T)], T);
      break;
    }
    case 'rows': {
      graph.node('Reshape', name, [x, shapeOf(graph, name, x, [-1, step.length])], T);
      break;
    }
    case 'sigmoid':
      graph.node('Sigmoid', name, [x], T);
      break;
    case 'softmax':
      graph.node('Softmax', name, [x], T);
      break;
    case 'multiply':
      graph.node('Mul', name, [x, nodeOf(step.other)], T);
      break;
    case 'prelu': {
      const slopes = graph.floats(`${name}/slopes`, [step.slopes.length], step.slopes);
      const above = graph.node('Relu', `${name}/above`, [x], T);
      const below = graph.node('Relu', `${name}/below`, [graph.node('Neg', `${name}/negative`, [x], T)], T);
      graph.node('Sub', name, [above, graph.node('Mul', `${name}/sloped`, [below, slopes], T)], T);
      break;
    }
    case 'sliceChannels': {
      const begin = graph.integers(`${name}/begin`, [0, 0, 0, step.from]);
      const size = graph.integers(`${name}/size`, [-1, -1, -1, step.count]);
      graph.node('Slice', name, [x, begin, size], { ...T, Index: { type: 'int32' } });
      break;
    }
    case 'flatten':
      graph.node('Reshape', name, [x, shapeOf(graph, name, x, [-1])], T);
      break;
    case 'asMap':
      graph.node('Reshape', name, [x, shapeOf(graph, name, x, [1, 1, -1])], T);
      break;
    case 'standardise': {
      const axes = graph.integers(`${name}/axes`, [1, 2, 3]);
      const kept = { ...T, keep_dims: { flag: true } };
      const mean = graph.node('Mean', `${name}/mean`, [x, axes], kept);
      const centred = graph.node('Sub', `${name}/centred`, [x, mean], T);
      const squares = graph.node('Square', `${name}/squares`, [centred], T);
      const variance = graph.node('Mean', `${name}/variance`, [squares, axes], kept);
      const least = graph.floats(`${name}/least`, [], Float32Array.of(step.least * step.least));
      const bounded = graph.node('Maximum', `${name}/bounded`, [variance, least], T);
      graph.node('RealDiv', name, [centred, graph.node('Sqrt', `${name}/deviation`, [bounded], T)], T);
      break;
    }
  }
}

/** The shape of as many pictures as come in, whatever their number, with `rest` behind. */
function shapeOf(graph: GraphDef, name: string, x: string, rest: readonly number[]): string {
  const shape = graph.node('Shape', `${name}/shape`, [x], T);
  const [begin, size] = [graph.integers(`${name}/begin`, [0]), graph.integers(`${name}/size`, [1])];
  const index: Record<string, Attribute> = { T: { type: 'int32' }, Index: { type: 'int32' } };
  const batch = graph.node('Slice', `${name}/batch`, [shape, begin, size], index);
  const all: Record<string, Attribute> = { T: { type: 'int32' }, N: { integer: 2 } };
  const behind = graph.integers(`${name}/rest`, [...rest]);
  return graph.node(
    'ConcatV2',
    `${name}/wanted`,
    [batch, behind, graph.integers(`${name}/first`, [0], [])],
    all,
  );
}

function activate(graph: GraphDef, activation: Activation, x: string, name: string): void {
  if (activation.kind === 'leakyRelu')
    graph.node('LeakyRelu', name, [x], { ...T, alpha: { float: activation.slope } });
  else graph.node(activation.kind === 'relu' ? 'Relu' : 'Relu6', name, [x], T);
}

function pad(graph: GraphDef, name: string, x: string, edges: Edges): string {
  const { top, right, bottom, left } = edges;
  const pads = graph.integers(`${name}/edges`, [0, 0, top, bottom, left, right, 0, 0], [4, 2]);
  return graph.node('Pad', name, [x, pads], T);
}

function windows({ size, stride }: { size: number; stride: number }): Record<string, Attribute> {
  return { ksize: { integers: [1, size, size, 1] }, strides: { integers: [1, stride, stride, 1] } };
}

function paddingOf(padding: Padding): { attributes: Record<string, Attribute> } {
  if (typeof padding === 'string') return { attributes: { padding: { text: padding.toUpperCase() } } };
  const { top, right, bottom, left } = padding;
  const edges = [0, 0, top, bottom, left, right, 0, 0];
  return { attributes: { padding: { text: 'EXPLICIT' }, explicit_paddings: { integers: edges } } };
}

/** Padding of a depthwise convolution, which TensorFlow does not do for every processor: a step of its own. */
function padded(
  graph: GraphDef,
  name: string,
  x: string,
  padding: Padding,
): { x: string; attributes: Record<string, Attribute> } {
  if (typeof padding === 'string') return { x, ...paddingOf(padding) };
  return { x: pad(graph, `${name}/padded`, x, padding), ...paddingOf('valid') };
}

/** Averages over an edge of zeros are not in TensorFlow's vocabulary. */
function averaging(padding: Padding): Record<string, Attribute> {
  if (typeof padding === 'string') return paddingOf(padding).attributes;
  throw new Error('TensorFlow does not average over given edges: describe them as a pad before the pool');
}

import type { Tensor } from '../weights.js';
import { clip, difference, maximum, minimum, quotient, sum, times } from './graph-arithmetic.js';
import { constantOf, given, of, perChannel, type Drawn, type Op } from './graph-operand.js';
import {
  concat,
  overMap,
  pack,
  pad,
  reshape,
  shape,
  slice,
  split,
  squeeze,
  stridedSlice,
} from './graph-shapes.js';
import type { Result } from './result.js';

const unchanged: Op = ({ operand }) => operand(0);

const convolution =
  (kind: 'convolution' | 'depthwise'): Op =>
  (drawn) => {
    const { node, drawing } = drawn;
    const [x, filters] = [of(drawn), constantOf(drawn, 1)];
    const fused = fusion(drawn);
    return given(fused.activate(drawing[kind](x, filters, fused.bias, node.sliding(), node.name)));
  };

/** What TensorFlow.js' optimiser has put into a convolution or product: a bias, then an activation. */
function fusion(drawn: Drawn): { bias: Float32Array | null; activate: (x: Result) => Result } {
  const { node, drawing } = drawn;
  const ops = node.texts('fused_ops');
  const bias = ops[0] === 'BiasAdd' ? perChannel(drawn, constantOf(drawn, 2)) : null;
  const [activation, ...more] = bias ? ops.slice(1) : ops;
  if (more.length > 0) throw node.unsupported(`the fusion of ${ops.join(', ')}`);
  switch (activation as string | undefined) {
    case undefined:
      return { bias, activate: (x) => x };
    case 'Relu':
      return { bias, activate: (x) => drawing.relu(x) };
    case 'Relu6':
      return { bias, activate: (x) => drawing.relu6(x) };
    case 'Sigmoid':
      return { bias, activate: (x) => drawing.sigmoid(x) };
    case 'LeakyRelu':
      return { bias, activate: (x) => drawing.leakyRelu(x, node.number('leakyrelu_alpha', 0.2)) };
    case 'Prelu': {
      const slopes = perChannel(drawn, constantOf(drawn, node.inputs.length - 1));
      return { bias, activate: (x) => drawing.prelu(x, slopes, node.name) };
    }
    default:
      throw node.unsupported(`the fused ${activation}`);
  }
}

const product: Op = (drawn) => {
  const { node, drawing } = drawn;
  if (node.flag('transpose_a') || node.flag('adj_x')) throw node.unsupported('a product from the left');
  const stored = constantOf(drawn, 1);
  if (stored.shape.length !== 2) throw node.unsupported(`a product with ${stored.shape.join('x')}`);
  const weights = node.flag('transpose_b') || node.flag('adj_y') ? transposed(stored) : stored;
  const fused = fusion(drawn);
  return given(fused.activate(drawing.dense(of(drawn), weights, fused.bias, node.name)));
};

function transposed({ shape, values }: Tensor): Tensor {
  const [rows, columns] = shape as [number, number];
  const turned = values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
  return { shape: [columns, rows], values: turned };
}

const pool =
  (op: 'maxPool' | 'averagePool'): Op =>
  (drawn) => {
    const { node, drawing } = drawn;
    const [, tall = 1, wide = 1] = node.numbers('ksize');
    if (tall !== wide) throw node.unsupported(`a pool over ${tall}x${wide}`);
    return given(drawing.pool(of(drawn), op, tall, node.sliding(), node.name));
  };

const norm: Op = (drawn) => {
  const { node, drawing } = drawn;
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((i) => constantOf(drawn, i).values);
  return given(
    drawing.batchNorm(of(drawn), { gamma, beta, mean, variance }, node.number('epsilon', 1e-3), node.name),
  );
};

/** Every operation of a TensorFlow graph that the house has words for. */
export const graphOps: Record<string, Op | undefined> = {
  Identity: unchanged,
  StopGradient: unchanged,
  Conv2D: convolution('convolution'),
  _FusedConv2D: convolution('convolution'),
  DepthwiseConv2dNative: convolution('depthwise'),
  FusedDepthwiseConv2dNative: convolution('depthwise'),
  MatMul: product,
  _FusedMatMul: product,
  BatchMatMulV2: product,
  FusedBatchNorm: norm,
  FusedBatchNormV2: norm,
  FusedBatchNormV3: norm,
  BiasAdd: sum,
  Add: sum,
  AddV2: sum,
  Sub: difference,
  Mul: times,
  RealDiv: quotient,
  Minimum: minimum,
  Maximum: maximum,
  ClipByValue: clip,
  Relu: (drawn) => given(drawn.drawing.relu(of(drawn))),
  Relu6: (drawn) => given(drawn.drawing.relu6(of(drawn))),
  Sigmoid: (drawn) => given(drawn.drawing.sigmoid(of(drawn))),
  Softmax: (drawn) => given(drawn.drawing.softmax(of(drawn))),
  LeakyRelu: (drawn) => given(drawn.drawing.leakyRelu(of(drawn), drawn.node.number('alpha', 0.2))),
  Prelu: (drawn) =>
    given(drawn.drawing.prelu(of(drawn), perChannel(drawn, constantOf(drawn, 1)), drawn.node.name)),
  MaxPool: pool('maxPool'),
  AvgPool: pool('averagePool'),
  Mean: overMap('globalAverage'),
  Max: overMap('globalMaximum'),
  Pad: pad,
  PadV2: pad,
  Reshape: reshape,
  Squeeze: squeeze,
  ConcatV2: concat,
  Split: split,
  SplitV: split,
  Slice: slice,
  Shape: shape,
  StridedSlice: stridedSlice,
  Pack: pack,
};

import { GraphWriter, type Quantisation } from './save-model.js';

const attribute = (value: string) => ({ s: Buffer.from(value).toString('base64') });
const strides = (stride: number) => ({ list: { i: ['1', String(stride), String(stride), '1'] } });
const window = (stride: number, padding: string) => ({
  dilations: strides(1),
  strides: strides(stride),
  padding: attribute(padding),
});

/** Every way of the graph converter to say something that the house has a word for. */
export function writeGraph(quantisation: Quantisation): GraphWriter {
  const graph = new GraphWriter(quantisation);
  const pads = graph.constant('pads', [4, 2], [0, 0, 1, 2, 0, 1, 0, 0], 'int32');
  graph.node('padded', 'Pad', ['picture', pads]);
  graph.node('conv', 'Conv2D', ['padded', graph.random('conv/w', [3, 3, 3, 8])], window(2, 'VALID'));
  graph.node('biased', 'BiasAdd', ['conv', graph.random('conv/b', [8])]);
  graph.node(
    'normed',
    'FusedBatchNormV3',
    [
      'biased',
      graph.random('n/gamma', [8], 1),
      graph.random('n/beta', [8]),
      graph.random('n/mean', [8]),
      graph.random('n/var', [8], 1),
    ],
    { epsilon: { f: 0.01 }, is_training: { b: false } },
  );
  graph.node('relu', 'Relu', ['normed']);
  graph.node('low', 'Minimum', ['relu', graph.constant('six', [], [6])]);
  graph.node('clipped', 'Maximum', ['low', graph.constant('zero', [], [0])]);
  graph.node(
    'deep',
    'FusedDepthwiseConv2dNative',
    ['clipped', graph.random('deep/w', [3, 3, 8, 1]), graph.random('deep/b', [8])],
    {
      ...window(1, 'SAME'),
      fused_ops: { list: { s: ['BiasAdd', 'Relu6'].map((op) => Buffer.from(op).toString('base64')) } },
      num_args: { i: '1' },
    },
  );
  graph.node('split', 'Split', [graph.constant('axis', [], [-1], 'int32'), 'deep'], {
    num_split: { i: '2' },
  });
  graph.node('leaky', 'LeakyRelu', ['split:1'], { alpha: { f: 0.3 } });
  graph.node('less', 'Sub', [graph.random('less/c', [1, 1, 4]), 'split']);
  graph.node('apart', 'Sub', ['less', 'leaky']);
  graph.node('third', 'RealDiv', ['apart', graph.constant('three', [], [3])]);
  graph.node('joined', 'ConcatV2', ['third', 'leaky', graph.constant('last', [], [3], 'int32')]);
  const both = graph.constant('both', [2], [1, 2], 'int32');
  graph.node('means', 'Mean', ['joined', both], { keep_dims: { b: true } });
  graph.node('gate', 'Sigmoid', [
    graph.node('gate/conv', 'Conv2D', ['means', graph.random('gate/w', [1, 1, 8, 8])], window(1, 'VALID')),
  ]);
  graph.node('gated', 'Mul', ['gate', 'joined']);
  graph.node('slopes', 'Prelu', ['gated', graph.random('slopes/a', [1, 1, 8])]);
  graph.node('pooled', 'MaxPool', ['slopes'], { ...window(2, 'SAME'), ksize: strides(3) });
  graph.node('shape', 'Shape', ['pooled'], { out_type: { type: 'DT_INT32' } });
  const number = (name: string, value: number) => graph.constant(name, [1], [value], 'int32');
  graph.node('batch', 'StridedSlice', ['shape', number('at', 0), number('until', 1), number('step', 1)], {
    shrink_axis_mask: { i: '1' },
    begin_mask: { i: '0' },
    end_mask: { i: '0' },
    ellipsis_mask: { i: '0' },
    new_axis_mask: { i: '0' },
  });
  graph.node('wanted', 'Pack', ['batch', graph.constant('rest', [], [-1], 'int32')], {
    N: { i: '2' },
    axis: { i: '0' },
  });
  graph.node('flat', 'Reshape', ['pooled', 'wanted']);
  graph.node(
    'dense',
    '_FusedMatMul',
    ['flat', graph.random('dense/w', [10, 160]), graph.random('dense/b', [10])],
    {
      transpose_a: { b: false },
      transpose_b: { b: true },
      fused_ops: { list: { s: [Buffer.from('BiasAdd').toString('base64')] } },
      num_args: { i: '1' },
    },
  );
  graph.node('squares', 'Square', ['dense']);
  graph.node('sum', 'Sum', ['squares', graph.constant('one', [1], [1], 'int32')], { keep_dims: { b: true } });
  graph.node('bounded', 'Maximum', ['sum', graph.constant('least', [], [1e-10])]);
  graph.node('inverse', 'Rsqrt', ['bounded']);
  graph.node('embedding', 'Mul', ['dense', 'inverse']);
  graph.node('other', 'Tan', ['dense']);
  return graph;
}

import { activate } from './activations.js';
import type { Drawing } from './drawing.js';
import type { LayerSettings } from './layer-settings.js';
import type { Result } from './result.js';

/** A layer that is being drawn, and what it takes. */
export interface DrawnLayer {
  /** The first of its inputs; most have one. */
  readonly x: Result;
  readonly inputs: readonly Result[];
  readonly settings: LayerSettings;
  readonly drawing: Drawing;
}

type Kind = (layer: DrawnLayer) => Result;

/** What only training does. */
const unchanged: Kind = ({ x }) => x;

/** A layer's own activation, after what it computes. */
const activated =
  (compute: Kind): Kind =>
  (layer) =>
    activate(layer, layer.settings.kind('activation', 'linear'), compute(layer));

const convolution = activated(({ x, settings, drawing }) => {
  if (settings.number('groups', 1) !== 1) throw settings.unsupported('a convolution in groups');
  return drawing.convolution(
    x,
    settings.weight('kernel'),
    settings.bias(),
    settings.sliding(),
    settings.name,
  );
});

const depthwise = activated(({ x, settings, drawing }) =>
  drawing.depthwise(
    x,
    settings.optional('depthwise_kernel') ?? settings.weight('kernel'),
    settings.bias(),
    settings.sliding(),
    settings.name,
  ),
);

const separable = activated(({ x, settings, drawing }) => {
  const { name } = settings;
  const deep = drawing.depthwise(
    x,
    settings.weight('depthwise_kernel'),
    null,
    settings.sliding(),
    `${name}/deep`,
  );
  const flat = { stride: 1, padding: 'valid' } as const;
  return drawing.convolution(deep, settings.weight('pointwise_kernel'), settings.bias(), flat, name);
});

const dense = activated(({ x, settings, drawing }) =>
  drawing.dense(x, settings.weight('kernel'), settings.bias(), settings.name),
);

const batchNorm: Kind = ({ x, settings, drawing }) => {
  const [axis = -1] = settings.numbers('axis');
  if (axis !== -1 && axis !== x.shape.length) throw settings.unsupported(`a norm over axis ${axis}`);
  const norm = {
    gamma: settings.flag('scale', true) ? settings.weight('gamma').values : null,
    beta: settings.flag('center', true) ? settings.weight('beta').values : null,
    mean: settings.weight('moving_mean').values,
    variance: settings.weight('moving_variance').values,
  };
  return drawing.batchNorm(x, norm, settings.number('epsilon', 1e-3), settings.name);
};

const relu: Kind = (layer) => {
  const { x, settings, drawing } = layer;
  const [highest, slope] = [settings.value('max_value') ?? null, settings.number('negative_slope', 0)];
  if (settings.number('threshold', 0) !== 0) throw settings.unsupported('a relu with a threshold');
  if (highest === null) return slope === 0 ? drawing.relu(x) : drawing.leakyRelu(x, slope);
  if (highest !== 6 || slope !== 0) throw settings.unsupported(`a relu up to ${JSON.stringify(highest)}`);
  return drawing.relu6(x);
};

/** One slope a channel: all axes before it are shared. */
const prelu: Kind = ({ x, settings, drawing }) => {
  const { shape, values } = settings.weight('alpha');
  if (shape.slice(0, -1).some((length) => length !== 1))
    throw settings.unsupported('a slope for each place of the map');
  return drawing.prelu(x, values, settings.name);
};

const pool =
  (op: 'maxPool' | 'averagePool'): Kind =>
  ({ x, settings, drawing }) => {
    const [tall = 2, wide = tall] = settings.numbers('pool_size');
    if (tall !== wide) throw settings.unsupported(`a pool over ${tall}x${wide}`);
    const strides = settings.numbers('strides');
    return drawing.pool(x, op, tall, settings.sliding(strides.length > 0 ? strides : [tall]), settings.name);
  };

const zeroPadding: Kind = ({ x, settings, drawing }) => {
  const padding = settings.value('padding');
  const [down, across] = Array.isArray(padding) ? (padding as unknown[]) : [padding, padding];
  const pair = (value: unknown): number[] =>
    Array.isArray(value) ? value.map(Number) : [Number(value), Number(value)];
  const [[top, bottom], [left, right]] = [pair(down), pair(across)];
  return drawing.pad(x, { top, bottom, left, right }, settings.name);
};

const fold =
  (verb: 'add' | 'multiply'): Kind =>
  ({ inputs, settings, drawing }) =>
    inputs.slice(1).reduce((sum, each) => drawing[verb](sum, each, settings.name), inputs[0]);

const concatenate: Kind = ({ x, inputs, settings, drawing }) => {
  const axis = settings.number('axis', -1);
  return drawing.concat(inputs, axis < 0 ? axis + x.shape.length + 1 : axis, settings.name);
};

const rescale: Kind = ({ x, settings, drawing }) => {
  const numbers = (key: string, fallback: number): number[] =>
    settings.numbers(key).length > 0 ? settings.numbers(key) : [fallback];
  return drawing.scale(x, numbers('scale', 1), numbers('offset', 0), settings.name);
};

/** Every Keras layer that the house has words for. */
export const kerasLayers: Record<string, Kind | undefined> = {
  Dropout: unchanged,
  SpatialDropout2D: unchanged,
  AlphaDropout: unchanged,
  GaussianDropout: unchanged,
  GaussianNoise: unchanged,
  ActivityRegularization: unchanged,
  Conv2D: convolution,
  DepthwiseConv2D: depthwise,
  SeparableConv2D: separable,
  Dense: dense,
  BatchNormalization: batchNorm,
  Activation: activated(({ x }) => x),
  ReLU: relu,
  LeakyReLU: ({ x, settings, drawing }) =>
    drawing.leakyRelu(x, settings.number('alpha', settings.number('negative_slope', 0.3))),
  PReLU: prelu,
  Softmax: (layer) => activate(layer, 'softmax', layer.x),
  MaxPooling2D: pool('maxPool'),
  AveragePooling2D: pool('averagePool'),
  GlobalAveragePooling2D: ({ x, settings, drawing }) =>
    drawing.globalAverage(x, settings.flag('keepdims', false), settings.name),
  GlobalMaxPooling2D: ({ x, settings, drawing }) =>
    drawing.globalMaximum(x, settings.flag('keepdims', false), settings.name),
  ZeroPadding2D: zeroPadding,
  Flatten: ({ x, drawing }) => drawing.flatten(x),
  Reshape: ({ x, settings, drawing }) => drawing.reshape(x, settings.numbers('target_shape'), settings.name),
  Add: fold('add'),
  Multiply: fold('multiply'),
  Concatenate: concatenate,
  Rescaling: rescale,
  UnitNormalization: ({ x, settings, drawing }) => {
    if (x.shape.length !== 1) throw settings.unsupported('normalising anything but rows');
    return drawing.l2Normalise(x);
  },
};

import type { Axis, Edges, Layer, Network, Padding } from '../../../models/network.js';
import { checkWeights, type Weights } from '../../../models/weights.js';

export type Activation =
  { readonly kind: 'relu' | 'relu6' } | { readonly kind: 'leakyRelu'; readonly slope: number };

interface One {
  id: string;
  input: string;
}

/** A step of a network that is ready to run: weights in place, norms folded into convolutions. */
export type Step =
  | (One & {
      op: 'convolution';
      depthwise: boolean;
      /** height x width x in x out, or height x width x channels x 1. */
      filters: Float32Array;
      shape: readonly [number, number, number, number];
      bias: Float32Array;
      stride: number;
      padding: Padding;
      activation: Activation | null;
    })
  | (One & { op: 'scale'; factor: Float32Array; offset: Float32Array })
  | (One & { op: 'activation'; activation: Activation })
  | (One & {
      op: 'maxPool' | 'averagePool' | 'l2Pool';
      size: number;
      stride: number;
      padding: Padding;
    })
  | (One & { op: 'pad'; edges: Edges })
  | (One & { op: 'padChannels'; count: number })
  | (One & { op: 'sliceChannels'; from: number; count: number })
  | (One & { op: 'add' | 'multiply'; other: string })
  | { op: 'concat'; id: string; inputs: string[]; axis: Axis }
  | (One & { op: 'prelu'; slopes: Float32Array })
  | (One & { op: 'sigmoid' | 'softmax' | 'flatten' | 'asMap' })
  | (One & { op: 'standardise'; least: number })
  | (One & { op: 'globalAverage' | 'l2Normalise' })
  | (One & {
      op: 'dense';
      weights: Float32Array;
      shape: readonly [number, number];
      bias: Float32Array | null;
    })
  | (One & { op: 'rows'; length: number });

/** What every engine compiles: a network and its weights in one, and as few steps as the description allows. */
export interface Plan {
  readonly name: string;
  readonly input: { readonly height: number | null; readonly width: number | null };
  readonly steps: readonly Step[];
  readonly outputs: readonly string[];
}

/**
 * Puts the weights into the description and folds what can be folded without changing the result: batch norms and
 * scales into the convolution before them, the activation after them, and the normalisation of the picture into
 * the first convolution (exact where that pads nothing, or the mean is 0).
 */
export function foldNetwork(network: Network, weights: Weights): Plan {
  checkWeights(network, weights);
  const steps: Step[] = [];
  const made = new Map<string, Step>();
  const renamed = new Map<string, string>();
  const users = countUsers(network);
  const values = (name: string): Float32Array => weights.get(name)!.values;
  const now = (id: string): string => renamed.get(id) ?? id;

  const push = (step: Step): void => {
    steps.push(step);
    made.set(step.id, step);
  };
  /** The convolution that `layer` can become part of. */
  const before = (layer: { input: string }): (Step & { op: 'convolution' }) | null => {
    const step = made.get(now(layer.input));
    return step?.op === 'convolution' && !step.activation && users.get(layer.input) === 1 ? step : null;
  };
  const scale = (layer: One, factor: Float32Array, offset: Float32Array): void => {
    const convolution = before(layer);
    if (!convolution) push({ op: 'scale', id: layer.id, input: now(layer.input), factor, offset });
    else {
      scaleFilters(convolution, factor, offset);
      renamed.set(layer.id, convolution.id);
    }
  };
  const activate = (layer: One, activation: Activation): void => {
    const convolution = before(layer);
    if (!convolution) push({ op: 'activation', id: layer.id, input: now(layer.input), activation });
    else {
      convolution.activation = activation;
      renamed.set(layer.id, convolution.id);
    }
  };

  const start = pictureScale(network);
  const first = network.layers.find((layer) => layer.op !== 'concat' && layer.input === 'input');
  const foldsPicture =
    first?.op === 'convolution' &&
    users.get('input') === 1 &&
    (first.padding === 'valid' || network.input.mean.every((mean) => mean === 0));
  if (!foldsPicture) {
    push({ op: 'scale', id: 'normalised', input: 'input', ...start });
    renamed.set('input', 'normalised');
  }

  for (const layer of network.layers) {
    switch (layer.op) {
      case 'convolution':
      case 'depthwise': {
        const filters = Float32Array.from(values(layer.filters));
        const shape = weights.get(layer.filters)!.shape as [number, number, number, number];
        const channels = layer.op === 'depthwise' ? shape[2] : shape[3];
        const step: Step = {
          op: 'convolution',
          id: layer.id,
          input: now(layer.input),
          depthwise: layer.op === 'depthwise',
          filters,
          shape,
          bias: layer.bias === null ? new Float32Array(channels) : Float32Array.from(values(layer.bias)),
          stride: layer.stride,
          padding: layer.padding,
          activation: null,
        };
        if (foldsPicture && layer === first) foldPicture(step, start);
        push(step);
        break;
      }
      case 'batchNorm': {
        const gamma = values(layer.gamma);
        const variance = values(layer.variance);
        const mean = values(layer.mean);
        const beta = values(layer.beta);
        const factor = gamma.map((value, i) => value / Math.sqrt(variance[i] + layer.epsilon));
        scale(
          layer,
          factor,
          beta.map((value, i) => value - mean[i] * factor[i]),
        );
        break;
      }
      case 'scale':
        scale(layer, values(layer.factor), values(layer.offset));
        break;
      case 'relu':
      case 'relu6':
        activate(layer, { kind: layer.op });
        break;
      case 'leakyRelu':
        activate(layer, { kind: 'leakyRelu', slope: layer.slope });
        break;
      case 'prelu':
        push({ op: 'prelu', id: layer.id, input: now(layer.input), slopes: values(layer.slopes) });
        break;
      case 'concat':
        push({ ...layer, inputs: layer.inputs.map(now) });
        break;
      case 'add':
      case 'multiply':
        push({ ...layer, input: now(layer.input), other: now(layer.other) });
        break;
      case 'dense':
        push({
          op: 'dense',
          id: layer.id,
          input: now(layer.input),
          weights: values(layer.weights),
          shape: weights.get(layer.weights)!.shape as [number, number],
          bias: layer.bias === null ? null : values(layer.bias),
        });
        break;
      default:
        push({ ...layer, input: now(layer.input) });
    }
  }
  return { name: network.name, input: network.input, steps, outputs: network.outputs.map(now) };
}

/** The picture's normalisation as a scale: (x - mean) * factor = x * factor - mean * factor. */
function pictureScale(network: Network): { factor: Float32Array; offset: Float32Array } {
  const { mean, factor } = network.input;
  return {
    factor: new Float32Array(3).fill(factor),
    offset: Float32Array.from(mean, (value) => -value * factor),
  };
}

function foldPicture(
  step: { filters: Float32Array; shape: readonly number[]; bias: Float32Array },
  start: { factor: Float32Array; offset: Float32Array },
): void {
  const [, , channelsIn, channelsOut] = step.shape as [number, number, number, number];
  step.filters.forEach((value, i) => {
    const channel = Math.floor(i / channelsOut) % channelsIn;
    step.bias[i % channelsOut] += value * start.offset[channel];
    step.filters[i] = value * start.factor[channel];
  });
}

/** Filters of both kinds hold their outgoing channels innermost. */
function scaleFilters(
  step: { filters: Float32Array; bias: Float32Array },
  factor: Float32Array,
  offset: Float32Array,
): void {
  const channels = step.bias.length;
  for (let i = 0; i < step.filters.length; i += 1) step.filters[i] *= factor[i % channels];
  for (let i = 0; i < channels; i += 1) step.bias[i] = step.bias[i] * factor[i] + offset[i];
}

/** By how many layers, or outputs, each result is used: what two use cannot be folded away. */
function countUsers(network: Network): Map<string, number> {
  const users = new Map<string, number>();
  const use = (id: string): void => void users.set(id, (users.get(id) ?? 0) + 1);
  for (const layer of network.layers) for (const id of inputsOf(layer)) use(id);
  network.outputs.forEach(use);
  return users;
}

function inputsOf(layer: Layer): readonly string[] {
  if (layer.op === 'concat') return layer.inputs;
  return 'other' in layer ? [layer.input, layer.other] : [layer.input];
}

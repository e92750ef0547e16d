import type * as Core from '@tensorflow/tfjs-core';
import type { Padding } from '../../../models/network.js';
import type { Activation, Plan } from './fold.js';
import { GatehouseError } from '../../base/errors.js';
import type { Runner } from '../engine.js';

/** What is used of TensorFlow.js; tfjs-node and tfjs-core both have it. */
export type Tensorflow = typeof Core;

/** Compiles a plan to TensorFlow.js operations on whichever backend `tf` has set. */
export function tensorflowRunner(tf: Tensorflow, plan: Plan): Runner {
  const kept: Core.Tensor[] = [];
  const keep = <T extends Core.Tensor>(tensor: T): T => {
    kept.push(tensor);
    return tensor;
  };
  const steps = plan.steps.map((step): ((results: Results) => void) => {
    const { id } = step;
    switch (step.op) {
      case 'convolution': {
        const filter = keep(tf.tensor4d(step.filters, [...step.shape]));
        const bias = keep(tf.tensor1d(step.bias));
        const options = { filter, bias, strides: step.stride, ...fusedActivation(step.activation) };
        // Every backend takes explicit padding for both; the types leave it out for the depthwise one.
        const pad = padding(step.padding) as 'valid';
        return step.depthwise
          ? (results) =>
              results.set(id, tf.fused.depthwiseConv2d({ x: results.map(step.input), pad, ...options }))
          : (results) => results.set(id, tf.fused.conv2d({ x: results.map(step.input), pad, ...options }));
      }
      case 'scale': {
        const factor = keep(tf.tensor1d(step.factor));
        const offset = keep(tf.tensor1d(step.offset));
        return (results) => results.set(id, tf.add(tf.mul(results.map(step.input), factor), offset));
      }
      case 'activation':
        return (results) => results.set(id, activate(tf, step.activation, results.map(step.input)));
      case 'maxPool':
      case 'averagePool': {
        const operation = step.op === 'maxPool' ? tf.maxPool : tf.avgPool;
        return (results) =>
          results.set(
            id,
            operation(results.map(step.input), step.size, step.stride, padding(step.padding) as 'valid'),
          );
      }
      case 'l2Pool':
        return (results) => {
          const means = tf.avgPool(
            tf.square(results.map(step.input)),
            step.size,
            step.stride,
            padding(step.padding),
          );
          results.set(id, tf.sqrt(tf.mul(means, step.size * step.size)));
        };
      case 'pad': {
        const { top, right, bottom, left } = step.edges;
        const edges: [number, number][] = [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ];
        return (results) => results.set(id, tf.pad(results.map(step.input), edges));
      }
      case 'padChannels': {
        const edges: [number, number][] = [
          [0, 0],
          [0, 0],
          [0, 0],
          [0, step.count],
        ];
        return (results) => results.set(id, tf.pad(results.map(step.input), edges));
      }
      case 'add':
        return (results) => results.set(id, tf.add(results.get(step.input), results.get(step.other)));
      case 'concat': {
        const axis = step.axis === 'channels' ? 3 : 1;
        return (results) =>
          results.set(
            id,
            tf.concat(
              step.inputs.map((input) => results.get(input)),
              axis,
            ),
          );
      }
      case 'globalAverage':
        return (results) => results.set(id, tf.mean(results.get(step.input), [1, 2]));
      case 'dense': {
        const weights = keep(tf.tensor2d(step.weights, [...step.shape]));
        const bias = step.bias && keep(tf.tensor1d(step.bias));
        return (results) => {
          const product = tf.matMul(results.get(step.input), weights);
          results.set(id, bias ? tf.add(product, bias) : product);
        };
      }
      case 'l2Normalise':
        return (results) => {
          const x = results.get(step.input);
          const length = tf.sqrt(tf.sum(tf.square(x), 1, true));
          results.set(id, tf.div(x, tf.maximum(length, 1e-12)));
        };
      case 'rows':
        return (results) => {
          const x = results.get(step.input);
          results.set(id, tf.reshape(x, [x.shape[0], -1, step.length]));
        };
    }
  });

  return {
    run(input, batch, size) {
      const height = plan.input.height ?? size?.height ?? 0;
      const width = plan.input.width ?? size?.width ?? 0;
      let outputs: Core.Tensor[] = [];
      try {
        outputs = tf.tidy(() => {
          const results = new Results();
          results.set('input', tf.tensor4d(input, [batch, height, width, 3]));
          for (const step of steps) step(results);
          return plan.outputs.map((id) => results.get(id));
        });
        return Promise.resolve(outputs.map((output) => Float32Array.from(output.dataSync())));
      } catch (cause) {
        return Promise.reject(tensorflowFailed(plan.name, cause));
      } finally {
        tf.dispose(outputs);
      }
    },
    close() {
      tf.dispose(kept.splice(0));
      return Promise.resolve();
    },
  };
}

/** ENGINE_FAILED, with what TensorFlow.js said. */
export function tensorflowFailed(network: string, cause: unknown): GatehouseError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new GatehouseError(
    'ENGINE_FAILED',
    `TensorFlow.js failed at ${network}: ${reason}`,
    'Try another engine.',
    {
      cause,
    },
  );
}

/** What the steps of one run have given so far. */
class Results {
  readonly #tensors = new Map<string, Core.Tensor>();

  set(id: string, tensor: Core.Tensor): void {
    this.#tensors.set(id, tensor);
  }

  get(id: string): Core.Tensor {
    return this.#tensors.get(id)!;
  }

  map(id: string): Core.Tensor4D {
    return this.get(id) as Core.Tensor4D;
  }
}

type Explicit = [[number, number], [number, number], [number, number], [number, number]];

function padding(value: Padding): 'same' | 'valid' | Explicit {
  if (value === 'same' || value === 'valid') return value;
  return [
    [0, 0],
    [value.top, value.bottom],
    [value.left, value.right],
    [0, 0],
  ];
}

function fusedActivation(activation: Activation | null): {
  activation?: 'relu' | 'relu6' | 'leakyrelu';
  leakyreluAlpha?: number;
} {
  if (!activation) return {};
  if (activation.kind === 'leakyRelu') return { activation: 'leakyrelu', leakyreluAlpha: activation.slope };
  return { activation: activation.kind };
}

function activate(tf: Tensorflow, activation: Activation, x: Core.Tensor4D): Core.Tensor4D {
  if (activation.kind === 'leakyRelu') return tf.leakyRelu(x, activation.slope);
  return activation.kind === 'relu' ? tf.relu(x) : tf.relu6(x);
}

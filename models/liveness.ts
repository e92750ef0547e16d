import { Description, type Place } from './describe.js';
import type { Network } from './network.js';

/**
 * Tells a live face from a replayed one: four convolutions with batch norms after their activations and two dense
 * layers, as @vladmandic/human ships it (liveness). A crop of 32x32 -> two numbers that sum to 1: live, not live.
 */
export function liveness(): Network {
  const net = new Description('liveness', {
    height: LIVENESS_INPUT,
    width: LIVENESS_INPUT,
    mean: [0, 0, 0],
    factor: 1 / 255,
  });
  const convolution = (x: Place, number: number, channels: number): Place => {
    const name = `${ROOT}/conv2d_${number}`;
    const linear = net.convolution(x, channels, {
      size: 3,
      padding: 'same',
      filters: `${name}/Conv2D/ReadVariableOp`,
      bias: `${name}/BiasAdd/ReadVariableOp`,
    });
    const norm = `${ROOT}/batch_normalization_${number}/FusedBatchNormV3`;
    return net.scale(net.relu(linear), `${norm}/Scaled`, `${norm}/Offset`);
  };
  const dense = (x: Place, number: number, channels: number): Place => {
    const name = `${ROOT}/dense_${number}`;
    return net.dense(x, channels, `${name}/MatMul/ReadVariableOp`, `${name}/BiasAdd/ReadVariableOp`);
  };

  let x = convolution(convolution(net.picture, 1, 16), 2, 16);
  x = net.pool(x, 'maxPool', 2, 2); // 16x16
  x = convolution(convolution(x, 3, 32), 4, 32);
  x = net.pool(x, 'maxPool', 2, 2); // 8x8
  const inner = net.relu(dense(net.flatten(x, 8 * 8), 1, 64));
  const norm = `${ROOT}/batch_normalization_5/batchnorm`;
  return net.finish([net.softmax(dense(net.scale(inner, `${norm}/mul`, `${norm}/sub`), 2, 2))]);
}

/** Side of the square crop, pixels. */
export const LIVENESS_INPUT = 32;

const ROOT = 'StatefulPartitionedCall/sequential_1';

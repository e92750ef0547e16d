import { Description, type Place } from './describe.js';
import { around, type Network } from './network.js';

/**
 * The tiny face detector: a small YOLO v2 (Redmon and Farhadi 2017) of depthwise separable convolutions.
 * Any input whose sides are multiples of 32. One output: batch x height/32 x width/32 x 25, five anchors of
 * (x, y, width, height, score), before sigmoid and exponential.
 */
export function tinyDetector(): Network {
  const net = new Description('tiny-detector', {
    height: null,
    width: null,
    mean: [117.001, 114.697, 97.404],
    factor: 1 / 255,
  });
  const halve = (x: Place): Place => net.pool(x, 'maxPool', 2, 2, 'same');
  const separable = (x: Place, name: string, channels: number): Place => {
    const deep = net.depthwise(x, { size: 3, padding: around(1), filters: `${name}/depthwise_filter` });
    const flat = net.convolution(deep, channels, {
      size: 1,
      filters: `${name}/pointwise_filter`,
      bias: `${name}/bias`,
    });
    return net.leakyRelu(flat, LEAK);
  };

  const first = net.convolution(net.picture, 16, { size: 3, filters: 'conv0/filters', bias: 'conv0/bias' });
  let x = net.leakyRelu(first, LEAK);
  for (const [name, channels] of BLOCKS) x = separable(halve(x), name, channels);
  x = net.pool(x, 'maxPool', 2, 1, 'same');
  return net.finish([net.convolution(x, 25, { size: 1, filters: 'conv8/filters', bias: 'conv8/bias' })]);
}

const LEAK = 0.1;
const BLOCKS: [string, number][] = [
  ['conv1', 32],
  ['conv2', 64],
  ['conv3', 128],
  ['conv4', 256],
  ['conv5', 512],
];

/** Width and height of the five anchors, in cells of 32 pixels. */
export const tinyAnchors: readonly (readonly [number, number])[] = [
  [1.603231, 2.094468],
  [6.041143, 7.080126],
  [2.882459, 3.518061],
  [4.266906, 5.178857],
  [9.041765, 10.66308],
];

import { Description, type Place } from './describe.js';
import type { Network } from './network.js';

/**
 * 68 facial landmarks in the iBUG 300-W order, from a 112x112 crop around a face: four blocks of depthwise separable
 * convolutions in which every layer also sees the sum of all before it. One output: batch x 136, x y x y ..., in
 * parts of the crop's side (0 left or top, 1 right or bottom).
 */
export function landmarks68(): Network {
  const net = new Description('landmarks68', {
    height: LANDMARK_INPUT,
    width: LANDMARK_INPUT,
    mean: [122.782, 117.001, 104.298],
    factor: 1 / 255,
  });
  const separable = (x: Place, name: string, channels: number, stride: number): Place => {
    const deep = net.depthwise(x, { size: 3, stride, padding: 'same', filters: `${name}/depthwise_filter` });
    return net.convolution(deep, channels, {
      size: 1,
      filters: `${name}/pointwise_filter`,
      bias: `${name}/bias`,
    });
  };
  const block = (start: Place, name: string): Place => {
    const first = net.relu(start);
    let sum = net.add(first, separable(first, `${name}/conv1`, start.channels, 1));
    for (const layer of ['conv2', 'conv3'])
      sum = net.add(sum, separable(net.relu(sum), `${name}/${layer}`, start.channels, 1));
    return net.relu(sum);
  };

  const first = net.convolution(net.picture, 32, {
    size: 3,
    stride: 2,
    padding: 'same',
    filters: 'dense0/conv0/filters',
    bias: 'dense0/conv0/bias',
  });
  let x = block(first, 'dense0');
  for (const [name, channels] of [
    ['dense1', 64],
    ['dense2', 128],
    ['dense3', 256],
  ] as const)
    x = block(separable(x, `${name}/conv0`, channels, 2), name);
  return net.finish([net.dense(net.globalAverage(x), 136, 'fc/weights', 'fc/bias')]);
}

/** Side of the square crop, pixels. */
export const LANDMARK_INPUT = 112;

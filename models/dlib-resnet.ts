import { Description, type Place } from './describe.js';
import { below, type Network } from './network.js';

/**
 * The residual network of dlib (Davis King, dlib_face_recognition_resnet_model_v1; after He et al. 2015, 29
 * convolutions, half as many filters): an aligned chip of 150x150 -> 128 numbers whose Euclidean distances tell
 * people apart. Not normalised to length 1.
 */
export function dlibResnet(): Network {
  const net = new Description('dlib-resnet', {
    height: 150,
    width: 150,
    mean: [122.782, 117.001, 104.298],
    factor: 1 / 255,
  });
  const convolution = (x: Place, name: string, channels: number, size: number, stride: number): Place => {
    const raw = net.convolution(x, channels, {
      size,
      stride,
      padding: stride === 1 ? 'same' : 'valid',
      filters: `${name}/conv/filters`,
      bias: `${name}/conv/bias`,
    });
    return net.scale(raw, `${name}/scale/weights`, `${name}/scale/biases`);
  };
  const residual = (x: Place, name: string): Place => {
    const first = net.relu(convolution(x, `${name}/conv1`, x.channels, 3, 1));
    return net.relu(net.add(convolution(first, `${name}/conv2`, x.channels, 3, 1), x));
  };
  /** Halves the map. `lacking`: rows and columns by which the convolved map is smaller than the pooled one. */
  const residualDown = (x: Place, name: string, channels: number, lacking: number): Place => {
    const first = net.relu(convolution(x, `${name}/conv1`, channels, 3, 2));
    let convolved = convolution(first, `${name}/conv2`, channels, 3, 1);
    if (lacking > 0) convolved = net.pad(convolved, below(lacking));
    let pooled = net.pool(x, 'averagePool', 2, 2);
    if (channels > x.channels) pooled = net.padChannels(pooled, channels - x.channels);
    return net.relu(net.add(pooled, convolved));
  };

  let x = net.relu(convolution(net.picture, 'conv32_down', 32, 7, 2)); // 72x72
  x = net.pool(x, 'maxPool', 3, 2); // 35x35
  for (const name of ['conv32_1', 'conv32_2', 'conv32_3']) x = residual(x, name);
  x = residualDown(x, 'conv64_down', 64, 0); // 17x17
  for (const name of ['conv64_1', 'conv64_2', 'conv64_3']) x = residual(x, name);
  x = residualDown(x, 'conv128_down', 128, 0); // 8x8
  for (const name of ['conv128_1', 'conv128_2']) x = residual(x, name);
  x = residualDown(x, 'conv256_down', 256, 1); // 4x4
  for (const name of ['conv256_1', 'conv256_2']) x = residual(x, name);
  x = residualDown(x, 'conv256_down_out', 256, 1); // 2x2
  return net.finish([net.dense(net.globalAverage(x), 128, 'fc')]);
}

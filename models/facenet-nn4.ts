import { Description, type Place } from './describe.js';
import { around, below, type Edges, type Network, type Padding } from './network.js';

/**
 * `l2`: the square root of the sum of squares over the window, as the network was trained (Torch's
 * SpatialLPPooling). `average`: what the Keras port of it computes.
 */
export type Nn4Pool = 'l2' | 'average';

/**
 * FaceNet nn4.small2 (Schroff, Kalenichenko and Philbin 2015, table 2, made smaller by OpenFace: Amos, Ludwiczuk and
 * Satyanarayanan 2016): a chip of 96x96 -> 128 numbers of length 1. Named as in OpenFace's definition: convolutions
 * `..._w` and `..._b`, batch norms `_w` (gamma), `_b` (beta), `_m` (mean) and `_v` (variance).
 *
 * The two local response normalisations of the Torch original are left out, as in the Keras port: with their alpha
 * of 1e-4 over 5 channels they change a value by about 0.02 %.
 */
export function facenetNn4(pool: Nn4Pool = 'l2'): Network {
  const name = pool === 'l2' ? 'facenet-nn4' : 'facenet-nn4-average';
  const net = new Description(name, { height: 96, width: 96, mean: [0, 0, 0], factor: 1 / 255 });
  const learned = pool === 'l2' ? 'l2Pool' : 'averagePool';

  const layer = (
    x: Place,
    names: readonly [convolution: string, norm: string],
    channels: number,
    options: { size?: number; stride?: number; padding?: Padding; epsilon?: number } = {},
  ): Place => {
    const { size = 1, stride = 1, padding = 'valid', epsilon = 1e-5 } = options;
    const [convolution, norm] = names;
    const raw = net.convolution(x, channels, {
      size,
      stride,
      padding,
      filters: `${convolution}_w`,
      bias: `${convolution}_b`,
    });
    const normed = net.batchNorm(
      raw,
      { gamma: `${norm}_w`, beta: `${norm}_b`, mean: `${norm}_m`, variance: `${norm}_v` },
      epsilon,
    );
    return net.relu(normed);
  };
  /** 1x1 to fewer channels, then size x size. */
  const branch = (x: Place, name: string, narrow: number, wide: number, size: number, stride = 1): Place => {
    const reduced = layer(x, [`${name}_conv1`, `${name}_bn1`], narrow);
    const padding = around((size - 1) / 2);
    return layer(reduced, [`${name}_conv2`, `${name}_bn2`], wide, { size, stride, padding });
  };
  const straight = (x: Place, block: string, channels: number): Place =>
    layer(x, [`${block}_1x1_conv`, `${block}_1x1_bn`], channels);
  const maximum = (x: Place): Place => net.pool(x, 'maxPool', 3, 2);
  /** A pooled branch is smaller than its block's map and stands in its middle. */
  const pooled = (x: Place, block: string, channels: number, edges: Edges): Place =>
    net.pad(layer(x, [`${block}_pool_conv`, `${block}_pool_bn`], channels), edges);

  let x = layer(net.picture, ['conv1', 'bn1'], 64, { size: 7, stride: 2, padding: around(3), epsilon: 1e-3 }); // 48x48
  x = net.pool(x, 'maxPool', 3, 2, around(1)); // 24x24
  x = layer(x, ['conv2', 'bn2'], 64);
  x = layer(x, ['conv3', 'bn3'], 192, { size: 3, padding: around(1) });
  x = net.pool(x, 'maxPool', 3, 2, around(1)); // 12x12

  x = net.concat([
    branch(x, 'inception_3a_3x3', 96, 128, 3),
    branch(x, 'inception_3a_5x5', 16, 32, 5),
    pooled(maximum(x), 'inception_3a', 32, { top: 3, right: 4, bottom: 4, left: 3 }),
    straight(x, 'inception_3a', 64),
  ]);
  x = net.concat([
    branch(x, 'inception_3b_3x3', 96, 128, 3),
    branch(x, 'inception_3b_5x5', 32, 64, 5),
    pooled(net.pool(x, learned, 3, 3), 'inception_3b', 64, around(4)),
    straight(x, 'inception_3b', 64),
  ]);
  x = net.concat([
    branch(x, 'inception_3c_3x3', 128, 256, 3, 2), // 6x6
    branch(x, 'inception_3c_5x5', 32, 64, 5, 2),
    net.pad(maximum(x), below(1)),
  ]);
  x = net.concat([
    branch(x, 'inception_4a_3x3', 96, 192, 3),
    branch(x, 'inception_4a_5x5', 32, 64, 5),
    pooled(net.pool(x, learned, 3, 3), 'inception_4a', 128, around(2)),
    straight(x, 'inception_4a', 256),
  ]);
  x = net.concat([
    branch(x, 'inception_4e_3x3', 160, 256, 3, 2), // 3x3
    branch(x, 'inception_4e_5x5', 64, 128, 5, 2),
    net.pad(maximum(x), below(1)),
  ]);
  x = net.concat([
    branch(x, 'inception_5a_3x3', 96, 384, 3),
    pooled(net.pool(x, learned, 3, 3), 'inception_5a', 96, around(1)),
    straight(x, 'inception_5a', 256),
  ]);
  x = net.concat([
    branch(x, 'inception_5b_3x3', 96, 384, 3),
    pooled(maximum(x), 'inception_5b', 96, around(1)),
    straight(x, 'inception_5b', 256),
  ]);
  return net.finish([net.l2Normalise(net.dense(net.globalAverage(x), 128, 'dense_w', 'dense_b'))]);
}

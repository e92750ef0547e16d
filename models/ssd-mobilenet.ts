import { Description, type Place } from './describe.js';
import type { Network } from './network.js';

/**
 * A face detector: SSD (Liu et al. 2016) on MobileNet v1 (Howard et al. 2017), trained at 512x512. It has no layer of a
 * fixed size, so it takes any multiple of 32. Two outputs: batch x anchors x 4, offsets from the anchors (5118 at
 * 512x512), and batch x anchors x 3, class scores before the sigmoid (the second is the face). Seven times slower
 * than the tiny detector, and surer.
 */
export function ssdMobilenet(): Network {
  const net = new Description('ssd-mobilenet', {
    height: null,
    width: null,
    mean: [127.5, 127.5, 127.5],
    factor: 1 / 127.5,
  });
  const convolution = (x: Place, name: string, channels: number, size: number, stride: number): Place =>
    net.relu6(
      net.convolution(x, channels, {
        size,
        stride,
        padding: 'same',
        filters: `${name}/weights`,
        bias: `${name}/convolution_bn_offset`,
      }),
    );
  const depthwise = (x: Place, name: string, stride: number): Place => {
    const raw = net.depthwise(x, { size: 3, stride, padding: 'same', filters: `${name}/depthwise_weights` });
    const norm = `${name}/BatchNorm`;
    const names = {
      gamma: `${norm}/gamma`,
      beta: `${norm}/beta`,
      mean: `${norm}/moving_mean`,
      variance: `${norm}/moving_variance`,
    };
    return net.relu6(net.batchNorm(raw, names, 1e-3));
  };

  let x = convolution(net.picture, 'MobilenetV1/Conv2d_0_pointwise', 32, 3, 2);
  const maps: Place[] = [];
  MOBILENET.forEach(([channels, stride], index) => {
    const name = `MobilenetV1/Conv2d_${index + 1}`;
    x = convolution(depthwise(x, `${name}_depthwise`, stride), `${name}_pointwise`, channels, 1, 1);
    if (index + 1 === 11) maps.push(x); // 32x32
  });
  maps.push(x); // 16x16
  EXTRA.forEach(([narrow, wide], index) => {
    x = convolution(x, `Prediction/Conv2d_${2 * index}_pointwise`, narrow, 1, 1);
    x = convolution(x, `Prediction/Conv2d_${2 * index + 1}_pointwise`, wide, 3, 2);
    maps.push(x); // 8x8, 4x4, 2x2, 1x1
  });

  const predict = (kind: string, length: number): Place =>
    net.concat(
      maps.map((map, index) => {
        const name = `Prediction/BoxPredictor_${index}/${kind}`;
        const boxes = index === 0 ? 3 : 6;
        const options = { size: 1, filters: `${name}/weights`, bias: `${name}/biases` };
        return net.rows(net.convolution(map, boxes * length, options), length);
      }),
      'rows',
    );
  net.constant(SSD_ANCHORS, [1, 5118, 4]);
  return net.finish([predict('BoxEncodingPredictor', 4), predict('ClassPredictor', 3)]);
}

/** Side of the square input that it was trained at, pixels. */
export const SSD_INPUT = 512;
/** Name of the weight that holds the anchors at that size: top, left, bottom, right in parts of the side. */
export const SSD_ANCHORS = 'Output/extra_dim';

/** Channels and stride of the 13 depthwise separable blocks. */
const MOBILENET: readonly (readonly [number, number])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
];

/** Channels of the four pairs that shrink the map further. */
const EXTRA: readonly (readonly [number, number])[] = [
  [256, 512],
  [128, 256],
  [128, 256],
  [64, 128],
];

import { Description } from './describe.js';
import type { Network } from './network.js';

/**
 * Tells a face from a picture of one by its texture: three convolutions with pools and two dense layers, as
 * @vladmandic/human ships it (antispoof). A crop of 128x128 with some of what is around the face -> one number, 0 a
 * print or screen, 1 a face. Its weights have no names worth the word: the graph's optimiser took them away.
 */
export function antispoof(): Network {
  const net = new Description('antispoof', {
    height: ANTISPOOF_INPUT,
    width: ANTISPOOF_INPUT,
    mean: [0, 0, 0],
    factor: 1 / 255,
  });
  let x = net.picture;
  for (const [channels, filters, bias] of CONVOLUTIONS) {
    x = net.convolution(x, channels, { size: 3, filters, bias });
    x = net.relu(net.pool(x, 'maxPool', 2, 2)); // 63x63, 30x30, 14x14
  }
  const inner = net.relu(net.dense(net.flatten(x, 14 * 14), 128, 'unknown_5', 'unknown_6'));
  return net.finish([net.sigmoid(net.dense(inner, 1, 'unknown_7', 'unknown_8'))]);
}

/** Side of the square crop, pixels. */
export const ANTISPOOF_INPUT = 128;

const CONVOLUTIONS = [
  [64, 'unknown', 'unknown_0'],
  [32, 'unknown_1', 'unknown_2'],
  [16, 'unknown_3', 'unknown_4'],
] as const;

import { expect, it } from 'vitest';
import { Description } from '../../models/describe.js';
import { around } from '../../models/network.js';
import { multiplyAdds } from './multiply-adds.js';
import { networkOf } from './networks.js';

it('counts what it counts by hand', () => {
  const net = new Description('small', { height: 9, width: 12, mean: [0, 0, 0], factor: 1 });
  // 4 x 5 places (valid, stride 2) of 3x3x3 filters, 8 of them.
  let x = net.convolution(net.picture, 8, { size: 3, stride: 2, filters: 'a' });
  // The same places, one 3x3 filter a channel.
  x = net.depthwise(x, { size: 3, padding: around(1), filters: 'b' });
  // 2 x 3 places.
  x = net.pool(x, 'maxPool', 2, 2, 'same');
  x = net.convolution(x, 5, { size: 1, filters: 'c' });
  const network = net.finish([net.dense(net.globalAverage(x), 7, 'd')]);
  const byHand = 4 * 5 * 27 * 8 + 4 * 5 * 9 * 8 + 2 * 3 * 8 * 5 + 5 * 7;
  expect(multiplyAdds(network, { height: 9, width: 12 })).toBe(byHand);
});

it.each([
  ['dlib-resnet', { height: 150, width: 150 }, 271],
  ['facenet-nn4', { height: 96, width: 96 }, 200],
  ['landmarks68', { height: 112, width: 112 }, 52],
  ['ssd-mobilenet', { height: 512, width: 512 }, 3143],
  ['tiny-detector', { height: 608, width: 608 }, 425],
] as const)('counts the millions of %s', async (name, size, millions) => {
  const { network } = await networkOf(name);
  expect(Math.round(multiplyAdds(network, size) / 1e6)).toBe(millions);
});

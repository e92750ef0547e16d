import type { Layer, Network, Padding } from '../../models/network.js';

interface Size {
  height: number;
  width: number;
}

/**
 * Multiply-adds of one picture's way through a network, counted from its description: what convolutions and dense
 * layers do. Norms, activations and pools are left out, as is usual; half of the FLOPs, that is.
 *
 * @param input height and width of the picture
 */
export function multiplyAdds(network: Network, input: Size): number {
  const sizes = new Map<string, Size>([['input', input]]);
  let sum = 0;
  for (const layer of network.layers) {
    const from = sizes.get(layer.op === 'concat' ? layer.inputs[0] : layer.input)!;
    const size = sizeAfter(layer, from, network);
    sizes.set(layer.id, size);
    if (layer.op === 'convolution' || layer.op === 'depthwise')
      sum += size.height * size.width * product(network.weights.get(layer.filters)!);
    else if (layer.op === 'dense') sum += product(network.weights.get(layer.weights)!);
  }
  return sum;
}

function sizeAfter(layer: Layer, { height, width }: Size, network: Network): Size {
  switch (layer.op) {
    case 'convolution':
    case 'depthwise': {
      const [tall, wide] = network.weights.get(layer.filters) as readonly [number, number];
      return slide({ height, width }, { height: tall, width: wide }, layer.stride, layer.padding);
    }
    case 'maxPool':
    case 'averagePool':
    case 'l2Pool':
      return slide({ height, width }, { height: layer.size, width: layer.size }, layer.stride, layer.padding);
    case 'pad': {
      const { top, right, bottom, left } = layer.edges;
      return { height: height + top + bottom, width: width + left + right };
    }
    case 'globalAverage':
      return { height: 1, width: 1 };
    default:
      // What is left changes values and channels, or comes after every map.
      return { height, width };
  }
}

/** How often a window fits, as models/network.ts has its paddings. */
function slide(map: Size, window: Size, stride: number, padding: Padding): Size {
  if (padding === 'same')
    return { height: Math.ceil(map.height / stride), width: Math.ceil(map.width / stride) };
  const { top, right, bottom, left } =
    padding === 'valid' ? { top: 0, right: 0, bottom: 0, left: 0 } : padding;
  return {
    height: Math.floor((map.height + top + bottom - window.height) / stride) + 1,
    width: Math.floor((map.width + left + right - window.width) / stride) + 1,
  };
}

function product(shape: readonly number[]): number {
  return shape.reduce((all, length) => all * length, 1);
}

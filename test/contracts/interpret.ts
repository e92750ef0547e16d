import type { Edges, Layer, Network, Padding } from '../../models/network.js';
import type { Weights } from '../../models/weights.js';

/** batch x height x width x channels; rows are 1 high, flat results 1 high and 1 wide. */
interface Map4 {
  shape: readonly [batch: number, height: number, width: number, channels: number];
  values: Float64Array;
}

/**
 * Runs a network layer by layer exactly as models/network.ts words it, in double precision, with nothing folded and no
 * library: slow, and what every engine is held against.
 */
export function interpret(
  network: Network,
  weights: Weights,
  input: Float32Array,
  batch: number,
  size: { height: number; width: number },
): Float64Array[] {
  const w: Values = (name) => weights.get(name)!.values;
  const sides: Sides = (name) => weights.get(name)!.shape as unknown as readonly [number, number];
  const { mean, factor } = network.input;
  const results = new Map<string, Map4>();
  results.set('input', {
    shape: [batch, size.height, size.width, 3],
    values: Float64Array.from(input, (value, i) => (value - mean[i % 3]) * factor),
  });
  for (const layer of network.layers) results.set(layer.id, run(layer, results, w, sides));
  return network.outputs.map((id) => results.get(id)!.values);
}

type Values = (name: string) => Float32Array;
/** Height and width of filters; their shape begins with them. */
type Sides = (name: string) => readonly [height: number, width: number];

function run(layer: Layer, results: Map<string, Map4>, w: Values, sides: Sides): Map4 {
  if (layer.op === 'concat') {
    const parts = layer.inputs.map((id) => results.get(id)!);
    return layer.axis === 'channels' ? joinChannels(parts) : joinRows(parts);
  }
  const x = results.get(layer.input)!;
  const [, height, width, channels] = x.shape;
  const each = (change: (value: number, channel: number) => number): Map4 => ({
    shape: x.shape,
    values: x.values.map((value, i) => change(value, i % channels)),
  });
  switch (layer.op) {
    case 'convolution':
      return convolve(x, w(layer.filters), layer.bias ? w(layer.bias) : null, layer, sides(layer.filters));
    case 'depthwise':
      return window(x, layer, sides(layer.filters), (taps, channel) => {
        let sum = layer.bias ? w(layer.bias)[channel] : 0;
        for (const [place, value] of taps) sum += value * w(layer.filters)[place * channels + channel];
        return sum;
      });
    case 'batchNorm':
      return each(
        (value, c) =>
          ((value - w(layer.mean)[c]) / Math.sqrt(w(layer.variance)[c] + layer.epsilon)) * w(layer.gamma)[c] +
          w(layer.beta)[c],
      );
    case 'scale':
      return each((value, c) => value * w(layer.factor)[c] + w(layer.offset)[c]);
    case 'relu':
      return each((value) => Math.max(0, value));
    case 'relu6':
      return each((value) => Math.min(6, Math.max(0, value)));
    case 'leakyRelu':
      return each((value) => (value < 0 ? value * layer.slope : value));
    case 'prelu':
      return each((value, c) => (value < 0 ? value * w(layer.slopes)[c] : value));
    case 'sigmoid':
      return each((value) => 1 / (1 + Math.exp(-value)));
    case 'softmax': {
      const values = x.values.map(Math.exp);
      for (let at = 0; at < values.length; at += channels) {
        const place = values.subarray(at, at + channels);
        const total = sum([...place]);
        place.forEach((value, i) => (place[i] = value / total));
      }
      return { shape: x.shape, values };
    }
    case 'maxPool':
      return window(x, layer, pool(layer), (taps) => Math.max(...taps.map(([, value]) => value)));
    case 'averagePool':
      return window(x, layer, pool(layer), (taps) => sum(taps.map(([, value]) => value)) / taps.length);
    case 'l2Pool':
      return window(x, layer, pool(layer), (taps) => Math.sqrt(sum(taps.map(([, value]) => value * value))));
    case 'pad':
      return pad(x, layer.edges);
    case 'padChannels':
      return joinChannels([
        x,
        {
          shape: [x.shape[0], height, width, layer.count],
          values: new Float64Array(x.shape[0] * height * width * layer.count),
        },
      ]);
    case 'sliceChannels': {
      const place = (i: number): number =>
        Math.floor(i / layer.count) * channels + layer.from + (i % layer.count);
      const values = new Float64Array((x.values.length / channels) * layer.count);
      return {
        shape: [x.shape[0], height, width, layer.count],
        values: values.map((_, i) => x.values[place(i)]),
      };
    }
    case 'add': {
      const other = results.get(layer.other)!.values;
      return { shape: x.shape, values: x.values.map((value, i) => value + other[i]) };
    }
    case 'multiply': {
      const other = results.get(layer.other)!;
      const whole = height * width * channels;
      const factor = (i: number): number =>
        other.shape[1] * other.shape[2] === 1
          ? other.values[Math.floor(i / whole) * channels + (i % channels)]
          : other.values[i];
      return { shape: x.shape, values: x.values.map((value, i) => value * factor(i)) };
    }
    case 'flatten':
      return { shape: [x.shape[0], 1, 1, height * width * channels], values: x.values };
    case 'asMap':
      return x;
    case 'standardise': {
      const values = x.values.slice();
      const count = height * width * channels;
      for (let at = 0; at < values.length; at += count) {
        const picture = values.subarray(at, at + count);
        const mean = picture.reduce((all, value) => all + value, 0) / count;
        const variance = picture.reduce((all, value) => all + (value - mean) ** 2, 0) / count;
        picture.forEach(
          (value, i) => (picture[i] = (value - mean) / Math.max(Math.sqrt(variance), layer.least)),
        );
      }
      return { shape: x.shape, values };
    }
    case 'globalAverage': {
      const values = new Float64Array(x.shape[0] * channels);
      x.values.forEach((value, i) => {
        const picture = Math.floor(i / (height * width * channels));
        values[picture * channels + (i % channels)] += value / (height * width);
      });
      return { shape: [x.shape[0], 1, 1, channels], values };
    }
    case 'dense': {
      const out = w(layer.weights).length / channels;
      const bias = layer.bias ? w(layer.bias) : null;
      return convolve(x, w(layer.weights), bias, { stride: 1, padding: 'valid' }, [1, 1], out);
    }
    case 'l2Normalise': {
      const values = x.values.slice();
      for (let at = 0; at < values.length; at += channels) {
        const row = values.subarray(at, at + channels);
        const length = Math.sqrt(sum([...row].map((value) => value * value)));
        row.forEach((value, i) => (row[i] = value / length));
      }
      return { shape: x.shape, values };
    }
    case 'rows':
      return {
        shape: [x.shape[0], 1, (height * width * channels) / layer.length, layer.length],
        values: x.values,
      };
  }
}

/** The first row and column that a window covers, and how many windows there are: TensorFlow's rule for `same`. */
function frame(length: number, size: number, stride: number, padding: Padding, side: 'top' | 'left') {
  if (padding === 'same') {
    const count = Math.ceil(length / stride);
    return { count, before: Math.floor(Math.max((count - 1) * stride + size - length, 0) / 2) };
  }
  const before = padding === 'valid' ? 0 : padding[side];
  const after = padding === 'valid' ? 0 : padding[side === 'top' ? 'bottom' : 'right'];
  return { count: Math.floor((length + before + after - size) / stride) + 1, before };
}

/** Slides a window over each channel; `give` gets what lies inside the map, with its place in the window. */
function window(
  x: Map4,
  options: { stride: number; padding: Padding },
  [tall, wide]: readonly [number, number],
  give: (taps: [place: number, value: number][], channel: number) => number,
): Map4 {
  const [batch, height, width, channels] = x.shape;
  const down = frame(height, tall, options.stride, options.padding, 'top');
  const across = frame(width, wide, options.stride, options.padding, 'left');
  const values = new Float64Array(batch * down.count * across.count * channels);
  let at = 0;
  for (let n = 0; n < batch; n += 1)
    for (let row = 0; row < down.count; row += 1)
      for (let column = 0; column < across.count; column += 1)
        for (let channel = 0; channel < channels; channel += 1, at += 1) {
          const taps: [number, number][] = [];
          for (let place = 0; place < tall * wide; place += 1) {
            const y = row * options.stride - down.before + Math.floor(place / wide);
            const z = column * options.stride - across.before + (place % wide);
            if (y < 0 || z < 0 || y >= height || z >= width) continue;
            taps.push([place, x.values[((n * height + y) * width + z) * channels + channel]]);
          }
          values[at] = give(taps, channel);
        }
  return { shape: [batch, down.count, across.count, channels], values };
}

function convolve(
  x: Map4,
  filters: Float32Array,
  bias: Float32Array | null,
  options: { stride: number; padding: Padding },
  [tall, wide]: readonly [number, number],
  channelsOut = filters.length / (tall * wide * x.shape[3]),
): Map4 {
  const [batch, height, width, channels] = x.shape;
  const down = frame(height, tall, options.stride, options.padding, 'top');
  const across = frame(width, wide, options.stride, options.padding, 'left');
  const values = new Float64Array(batch * down.count * across.count * channelsOut);
  for (let n = 0, at = 0; n < batch; n += 1)
    for (let row = 0; row < down.count; row += 1)
      for (let column = 0; column < across.count; column += 1, at += channelsOut) {
        if (bias) values.set(bias, at);
        for (let place = 0; place < tall * wide; place += 1) {
          const y = row * options.stride - down.before + Math.floor(place / wide);
          const z = column * options.stride - across.before + (place % wide);
          if (y < 0 || z < 0 || y >= height || z >= width) continue;
          for (let c = 0; c < channels; c += 1) {
            const value = x.values[((n * height + y) * width + z) * channels + c];
            const from = (place * channels + c) * channelsOut;
            for (let out = 0; out < channelsOut; out += 1) values[at + out] += value * filters[from + out];
          }
        }
      }
  return { shape: [batch, down.count, across.count, channelsOut], values };
}

function pool({ size }: { size: number }): readonly [number, number] {
  return [size, size];
}

function pad(x: Map4, edges: Edges): Map4 {
  const [batch, height, width, channels] = x.shape;
  const tall = height + edges.top + edges.bottom;
  const wide = width + edges.left + edges.right;
  const values = new Float64Array(batch * tall * wide * channels);
  for (let n = 0; n < batch; n += 1)
    for (let y = 0; y < height; y += 1) {
      const from = (n * height + y) * width * channels;
      const to = ((n * tall + y + edges.top) * wide + edges.left) * channels;
      values.set(x.values.subarray(from, from + width * channels), to);
    }
  return { shape: [batch, tall, wide, channels], values };
}

function joinChannels(parts: readonly Map4[]): Map4 {
  const [batch, height, width] = parts[0].shape;
  const places = batch * height * width;
  const total = sum(parts.map(({ shape }) => shape[3]));
  const values = new Float64Array(places * total);
  let offset = 0;
  for (const { shape, values: part } of parts) {
    const channels = shape[3];
    for (let place = 0; place < places; place += 1)
      values.set(part.subarray(place * channels, (place + 1) * channels), place * total + offset);
    offset += channels;
  }
  return { shape: [batch, height, width, total], values };
}

/** Rows of one picture stand together, so parts are joined picture by picture. */
function joinRows(parts: readonly Map4[]): Map4 {
  const [batch, , , length] = parts[0].shape;
  const rows = sum(parts.map(({ shape }) => shape[2]));
  const values: number[] = [];
  for (let n = 0; n < batch; n += 1)
    for (const { shape, values: part } of parts)
      values.push(...part.subarray(n * shape[2] * length, (n + 1) * shape[2] * length));
  return { shape: [batch, 1, rows, length], values: Float64Array.from(values) };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

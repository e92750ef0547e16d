import { Description, type Place } from '../describe.js';
import type { Edges, NetworkInput } from '../network.js';
import type { Tensor } from '../weights.js';
import { NamedWeights } from './named-weights.js';
import { prune, type Converted } from './prune.js';
import { area, map, slide, unsupported, type Result, type Sliding } from './result.js';

/**
 * Writes a network down while somebody else's is read: as Description does, but keeping the shape of every result and
 * the weights themselves. Each verb takes the name of the step that is read, for its weights and for complaints.
 */
export class Drawing {
  readonly picture: Result;
  readonly #net: Description;
  readonly #weights = new NamedWeights();
  /** Results of relu and relu6, with what came before them. */
  readonly #positive = new Map<string, Place>();

  constructor(name: string, input: NetworkInput & { readonly height: number; readonly width: number }) {
    this.#net = new Description(name, input);
    this.picture = { place: this.#net.picture, shape: [input.height, input.width, 3] };
  }

  convolution(x: Result, filters: Tensor, bias: Float32Array | null, sliding: Sliding, name: string): Result {
    return this.#convolution('convolution', x, filters, bias, sliding, name);
  }

  depthwise(x: Result, filters: Tensor, bias: Float32Array | null, sliding: Sliding, name: string): Result {
    if (filters.shape[3] !== 1)
      throw unsupported(name, `filters that make ${filters.shape[3]} channels of one`);
    return this.#convolution('depthwise', x, filters, bias, sliding, name);
  }

  dense(x: Result, weights: Tensor, bias: Float32Array | null, name: string): Result {
    const [channelsIn, channels] = weights.shape as [number, number];
    if (x.shape.length !== 1) {
      const filters = { shape: [1, 1, channelsIn, channels], values: weights.values };
      return this.convolution(x, filters, bias, { stride: 1, padding: 'valid' }, name);
    }
    this.#expectChannels(x, channelsIn, name);
    const stored = this.#weights.keep(name, 'weights', weights.values, weights.shape);
    const place = this.#net.dense(x.place, channels, stored, this.#weights.keepBias(name, bias));
    return { place, shape: [channels] };
  }

  /** x * factor + offset; one number stands for all channels. */
  scale(x: Result, factor: ArrayLike<number>, offset: ArrayLike<number>, name: string): Result {
    const channels = x.place.channels;
    const spread = (values: ArrayLike<number>): Float32Array =>
      values.length === 1 ? new Float32Array(channels).fill(values[0]) : Float32Array.from(values);
    for (const values of [factor, offset])
      if (values.length !== 1) this.#expectChannels(x, values.length, name);
    if (x.shape.length === 2) throw unsupported(name, 'factors for the rows of a list');
    const place = this.#net.scale(
      x.place,
      this.#weights.keep(name, 'factor', spread(factor)),
      this.#weights.keep(name, 'offset', spread(offset)),
    );
    return { ...x, place };
  }

  batchNorm(
    x: Result,
    norm: Record<'gamma' | 'beta', ArrayLike<number> | null> & Record<'mean' | 'variance', ArrayLike<number>>,
    epsilon: number,
    name: string,
  ): Result {
    const factor = Array.from(norm.variance, (v, i) => (norm.gamma?.[i] ?? 1) / Math.sqrt(v + epsilon));
    const offset = factor.map((value, i) => (norm.beta?.[i] ?? 0) - norm.mean[i] * value);
    return this.scale(x, factor, offset, name);
  }

  relu(x: Result): Result {
    if (this.isPositive(x)) return x;
    const place = this.#net.relu(x.place);
    this.#positive.set(place.id, x.place);
    return { ...x, place };
  }

  relu6(x: Result): Result {
    const place = this.#net.relu6(this.#positive.get(x.place.id) ?? x.place);
    this.#positive.set(place.id, x.place);
    return { ...x, place };
  }

  /** Whether a result is known to have no value below 0. */
  isPositive(x: Result): boolean {
    return this.#positive.has(x.place.id);
  }

  sigmoid(x: Result): Result {
    return { ...x, place: this.#net.sigmoid(x.place) };
  }

  softmax(x: Result): Result {
    return { ...x, place: this.#net.softmax(x.place) };
  }

  leakyRelu(x: Result, slope: number): Result {
    return { ...x, place: this.#net.leakyRelu(x.place, slope) };
  }

  prelu(x: Result, slopes: Float32Array, name: string): Result {
    if (slopes.length === 1) return this.leakyRelu(x, slopes[0]);
    this.#expectChannels(x, slopes.length, name);
    return { ...x, place: this.#net.prelu(x.place, this.#weights.keep(name, 'slopes', slopes)) };
  }

  pool(x: Result, op: 'maxPool' | 'averagePool', size: number, sliding: Sliding, name: string): Result {
    const place = this.#net.pool(x.place, op, size, sliding.stride, sliding.padding);
    return { place, shape: [...slide(map(x, name), [size, size], sliding), x.place.channels] };
  }

  pad(x: Result, edges: Edges, name: string): Result {
    const [height, width] = map(x, name);
    const shape = [height + edges.top + edges.bottom, width + edges.left + edges.right, x.place.channels];
    return { place: this.#net.pad(x.place, edges), shape };
  }

  padChannels(x: Result, count: number, name: string): Result {
    const [height, width] = map(x, name);
    const place = this.#net.padChannels(x.place, count);
    return { place, shape: [height, width, place.channels] };
  }

  sliceChannels(x: Result, from: number, count: number, name: string): Result {
    const [height, width] = map(x, name);
    if (from < 0 || count < 1 || from + count > x.place.channels)
      throw unsupported(name, `channels ${from} to ${from + count} of ${x.place.channels}`);
    return { place: this.#net.sliceChannels(x.place, from, count), shape: [height, width, count] };
  }

  add(one: Result, other: Result, name: string): Result {
    if (one.shape.join() !== other.shape.join())
      throw unsupported(name, `the sum of ${one.shape.join('x')} and ${other.shape.join('x')}`);
    return { ...one, place: this.#net.add(one.place, other.place) };
  }

  multiply(one: Result, other: Result, name: string): Result {
    const [large, small] = area(one) >= area(other) ? [one, other] : [other, one];
    const fits =
      small.shape.join() === large.shape.join() ||
      (large.shape.length === 3 && small.shape.join() === [1, 1, large.place.channels].join());
    if (!fits) throw unsupported(name, `the product of ${one.shape.join('x')} and ${other.shape.join('x')}`);
    return { ...large, place: this.#net.multiply(large.place, small.place) };
  }

  concat(parts: readonly Result[], axis: number, name: string): Result {
    const [first] = parts;
    const place = (): readonly Place[] => parts.map((part) => part.place);
    const along = (index: number): number => parts.reduce((sum, part) => sum + part.shape[index], 0);
    if (first.shape.length === 3 && axis === 3 && parts.every((part) => area(part) === area(first)))
      return { place: this.#net.concat(place()), shape: [first.shape[0], first.shape[1], along(2)] };
    if (first.shape.length === 2 && axis === 1)
      return { place: this.#net.concat(place(), 'rows'), shape: [along(0), first.shape[1]] };
    if (first.shape.length === 1 && axis === 1) {
      const wide = this.#net.concat(parts.map((part) => this.#net.asMap(part.place)));
      return { place: this.#net.flatten(wide, 1), shape: [along(0)] };
    }
    throw unsupported(
      name,
      `joining ${parts.map(({ shape }) => shape.join('x')).join(', ')} along axis ${axis}`,
    );
  }

  /** @param keeps whether the result is a map of 1x1 */
  globalAverage(x: Result, keeps: boolean, name: string): Result {
    map(x, name);
    const flat = { place: this.#net.globalAverage(x.place), shape: [x.place.channels] };
    return keeps ? this.reshape(flat, [1, 1, x.place.channels], name) : flat;
  }

  globalMaximum(x: Result, keeps: boolean, name: string): Result {
    const [height, width] = map(x, name);
    if (height !== width) throw unsupported(name, `the maximum of a map of ${height}x${width}`);
    const top = this.pool(x, 'maxPool', height, { stride: 1, padding: 'valid' }, name);
    return keeps ? top : this.flatten(top);
  }

  flatten(x: Result): Result {
    if (x.shape.length === 1) return x;
    const length = x.shape.reduce((all, each) => all * each, 1);
    return { place: this.#net.flatten(x.place, length / x.place.channels), shape: [length] };
  }

  /** @param shape without the batch; one length may be -1 */
  reshape(x: Result, shape: readonly number[], name: string): Result {
    const total = x.shape.reduce((all, each) => all * each, 1);
    const known = shape.reduce((all, each) => (each < 0 ? all : all * each), 1);
    const full = shape.map((each) => (each < 0 ? total / known : each));
    if (full.reduce((all, each) => all * each, 1) === total && shape.filter((each) => each < 0).length <= 1) {
      if (full.join() === x.shape.join()) return x;
      if (full.length === 1 && x.shape.length === 3) return this.flatten(x);
      if (full.length === 3 && full[0] * full[1] === 1)
        return { place: this.#net.asMap(this.flatten(x).place), shape: full };
      if (full.length === 2 && x.shape.length === 3)
        return { place: this.#net.rows(x.place, full[1]), shape: full };
    }
    throw unsupported(name, `a reshape from ${x.shape.join('x')} to ${shape.join('x')}`);
  }

  standardise(x: Result): Result {
    const count = x.shape.reduce((all, each) => all * each, 1);
    return { ...x, place: this.#net.standardise(x.place, 1 / Math.sqrt(count)) };
  }

  l2Normalise(x: Result): Result {
    return { ...x, place: this.#net.l2Normalise(x.place) };
  }

  /** The network down to one output; layers and weights that this does not need are left out. */
  finish(output: Result): Converted {
    return prune(this.#net.finish([output.place]), this.#weights.all);
  }

  #convolution(
    op: 'convolution' | 'depthwise',
    x: Result,
    filters: Tensor,
    bias: Float32Array | null,
    sliding: Sliding,
    name: string,
  ): Result {
    const [tall, wide, channelsIn, channelsOut] = filters.shape as [number, number, number, number];
    this.#expectChannels(x, channelsIn, name);
    const [height, width] = slide(map(x, name), [tall, wide], sliding);
    const stored = this.#weights.keepBias(name, bias);
    const options = {
      size: [tall, wide] as const,
      stride: sliding.stride,
      padding: sliding.padding,
      filters: this.#weights.keep(name, 'filters', filters.values, filters.shape),
      ...(stored === undefined ? {} : { bias: stored }),
    };
    const place =
      op === 'convolution'
        ? this.#net.convolution(x.place, channelsOut, options)
        : this.#net.depthwise(x.place, options);
    return { place, shape: [height, width, place.channels] };
  }

  #expectChannels(x: Result, channels: number, name: string): void {
    if (x.place.channels !== channels)
      throw unsupported(name, `weights for ${channels} channels where there are ${x.place.channels}`);
  }
}

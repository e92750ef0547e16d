import type { Axis, Edges, Layer, Network, NetworkInput, Padding } from './network.js';

/** A place in a network that is being written: what a layer gives, and how many channels that has. */
export interface Place {
  readonly id: string;
  readonly channels: number;
}

export interface ConvolutionOptions {
  /** Of the filters: a side, or height and width. */
  size: number | readonly [height: number, width: number];
  stride?: number;
  padding?: Padding;
  /** Names of the filters and, where there is one, of the bias. */
  filters: string;
  bias?: string;
}

type WithoutId<L> = L extends Layer ? Omit<L, 'id'> : never;

/** Writes a network layer by layer; keeps count of channels, so that every weight's shape is known. */
export class Description {
  readonly picture: Place = { id: 'input', channels: 3 };
  readonly #name: string;
  readonly #input: NetworkInput;
  readonly #layers: Layer[] = [];
  readonly #weights = new Map<string, readonly number[]>();

  constructor(name: string, input: NetworkInput) {
    this.#name = name;
    this.#input = input;
  }

  convolution(input: Place, channels: number, options: ConvolutionOptions): Place {
    const { size, stride = 1, padding = 'valid', filters, bias } = options;
    this.#weight(filters, [...sides(size), input.channels, channels]);
    if (bias !== undefined) this.#weight(bias, [channels]);
    return this.#add(
      { op: 'convolution', input: input.id, filters, bias: bias ?? null, stride, padding },
      channels,
    );
  }

  depthwise(input: Place, options: ConvolutionOptions): Place {
    const { size, stride = 1, padding = 'valid', filters, bias } = options;
    this.#weight(filters, [...sides(size), input.channels, 1]);
    if (bias !== undefined) this.#weight(bias, [input.channels]);
    return this.#add(
      { op: 'depthwise', input: input.id, filters, bias: bias ?? null, stride, padding },
      input.channels,
    );
  }

  batchNorm(
    input: Place,
    names: { gamma: string; beta: string; mean: string; variance: string },
    epsilon: number,
  ): Place {
    for (const name of Object.values(names)) this.#weight(name, [input.channels]);
    return this.#add({ op: 'batchNorm', input: input.id, ...names, epsilon }, input.channels);
  }

  scale(input: Place, factor: string, offset: string): Place {
    for (const name of [factor, offset]) this.#weight(name, [input.channels]);
    return this.#add({ op: 'scale', input: input.id, factor, offset }, input.channels);
  }

  relu(input: Place): Place {
    return this.#add({ op: 'relu', input: input.id }, input.channels);
  }

  relu6(input: Place): Place {
    return this.#add({ op: 'relu6', input: input.id }, input.channels);
  }

  leakyRelu(input: Place, slope: number): Place {
    return this.#add({ op: 'leakyRelu', input: input.id, slope }, input.channels);
  }

  prelu(input: Place, slopes: string): Place {
    this.#weight(slopes, [input.channels]);
    return this.#add({ op: 'prelu', input: input.id, slopes }, input.channels);
  }

  sigmoid(input: Place): Place {
    return this.#add({ op: 'sigmoid', input: input.id }, input.channels);
  }

  softmax(input: Place): Place {
    return this.#add({ op: 'softmax', input: input.id }, input.channels);
  }

  pool(
    input: Place,
    op: 'maxPool' | 'averagePool' | 'l2Pool',
    size: number,
    stride: number,
    padding: Padding = 'valid',
  ): Place {
    return this.#add({ op, input: input.id, size, stride, padding }, input.channels);
  }

  pad(input: Place, edges: Edges): Place {
    return this.#add({ op: 'pad', input: input.id, edges }, input.channels);
  }

  padChannels(input: Place, count: number): Place {
    return this.#add({ op: 'padChannels', input: input.id, count }, input.channels + count);
  }

  sliceChannels(input: Place, from: number, count: number): Place {
    if (from + count > input.channels)
      throw new Error(`${this.#name}: takes channels ${from} to ${from + count} of ${input.channels}`);
    return this.#add({ op: 'sliceChannels', input: input.id, from, count }, count);
  }

  add(one: Place, other: Place): Place {
    if (one.channels !== other.channels)
      throw new Error(`${this.#name}: adds ${one.channels} to ${other.channels} channels`);
    return this.#add({ op: 'add', input: one.id, other: other.id }, one.channels);
  }

  multiply(one: Place, other: Place): Place {
    if (one.channels !== other.channels)
      throw new Error(`${this.#name}: multiplies ${one.channels} by ${other.channels} channels`);
    return this.#add({ op: 'multiply', input: one.id, other: other.id }, one.channels);
  }

  concat(places: readonly Place[], axis: Axis = 'channels'): Place {
    const channels =
      axis === 'channels'
        ? places.reduce((sum, place) => sum + place.channels, 0)
        : (places[0]?.channels ?? 0);
    return this.#add({ op: 'concat', inputs: places.map((place) => place.id), axis }, channels);
  }

  globalAverage(input: Place): Place {
    return this.#add({ op: 'globalAverage', input: input.id }, input.channels);
  }

  dense(input: Place, channels: number, weights: string, bias?: string): Place {
    this.#weight(weights, [input.channels, channels]);
    if (bias !== undefined) this.#weight(bias, [channels]);
    return this.#add({ op: 'dense', input: input.id, weights, bias: bias ?? null }, channels);
  }

  /** @param area height times width of the map */
  flatten(input: Place, area: number): Place {
    return this.#add({ op: 'flatten', input: input.id }, input.channels * area);
  }

  asMap(input: Place): Place {
    return this.#add({ op: 'asMap', input: input.id }, input.channels);
  }

  standardise(input: Place, least: number): Place {
    return this.#add({ op: 'standardise', input: input.id, least }, input.channels);
  }

  l2Normalise(input: Place): Place {
    return this.#add({ op: 'l2Normalise', input: input.id }, input.channels);
  }

  rows(input: Place, length: number): Place {
    return this.#add({ op: 'rows', input: input.id, length }, length);
  }

  /** A weight that no layer uses but whoever reads the outputs needs, such as a detector's anchors. */
  constant(name: string, shape: readonly number[]): void {
    this.#weight(name, shape);
  }

  /** The finished network. */
  finish(outputs: readonly Place[]): Network {
    return {
      name: this.#name,
      input: this.#input,
      layers: this.#layers,
      outputs: outputs.map((place) => place.id),
      weights: this.#weights,
    };
  }

  #add(layer: WithoutId<Layer>, channels: number): Place {
    const id = `${layer.op}${this.#layers.length}`;
    this.#layers.push({ ...layer, id });
    return { id, channels };
  }

  #weight(name: string, shape: readonly number[]): void {
    if (this.#weights.has(name)) throw new Error(`${this.#name}: the weight ${name} is named twice`);
    this.#weights.set(name, shape);
  }
}

function sides(size: ConvolutionOptions['size']): readonly [number, number] {
  return typeof size === 'number' ? [size, size] : size;
}

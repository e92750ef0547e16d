/**
 * The vocabulary in which a network is written down as plain data. One description, many engines: an engine
 * compiles it to whatever it runs (server/faces/engines). Maps are batch x height x width x channels; filters are
 * height x width x in x out (depthwise: height x width x channels x 1), dense weights in x out.
 */

/** `same` pads as TensorFlow does: as little as possible, the odd pixel at the bottom and right. */
export type Padding = 'valid' | 'same' | Edges;

/** Pixels added at each edge. */
export interface Edges {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

interface Step {
  /** Unique in its network; other layers name it in `input`. */
  readonly id: string;
  readonly input: string;
}

/** Names in here that end in a tensor (`filters`, `bias`, `gamma` ...) are names of weights. */
export type Layer =
  | (Step & {
      readonly op: 'convolution' | 'depthwise';
      readonly filters: string;
      readonly bias: string | null;
      readonly stride: number;
      readonly padding: Padding;
    })
  | (Step & {
      readonly op: 'batchNorm';
      readonly gamma: string;
      readonly beta: string;
      readonly mean: string;
      readonly variance: string;
      readonly epsilon: number;
    })
  /** x * factor + offset, one of each a channel. */
  | (Step & { readonly op: 'scale'; readonly factor: string; readonly offset: string })
  | (Step & { readonly op: 'relu' | 'relu6' })
  | (Step & { readonly op: 'leakyRelu'; readonly slope: number })
  /** x where that is not negative, x * slope where it is, one slope a channel. */
  | (Step & { readonly op: 'prelu'; readonly slopes: string })
  /** softmax: over the channels, so that each place's sum to 1. */
  | (Step & { readonly op: 'sigmoid' | 'softmax' })
  /** l2: the square root of the sum of squares over the window. Padding never wins a maximum. */
  | (Step & {
      readonly op: 'maxPool' | 'averagePool' | 'l2Pool';
      readonly size: number;
      readonly stride: number;
      readonly padding: Padding;
    })
  /** Zeros around the map. */
  | (Step & { readonly op: 'pad'; readonly edges: Edges })
  /** Zeros as further channels. */
  | (Step & { readonly op: 'padChannels'; readonly count: number })
  /** `count` of a map's channels, from number `from` on. */
  | (Step & { readonly op: 'sliceChannels'; readonly from: number; readonly count: number })
  | (Step & { readonly op: 'add'; readonly other: string })
  /** `other`: of the same shape, or 1 high and 1 wide, and then each channel has one factor for the whole map. */
  | (Step & { readonly op: 'multiply'; readonly other: string })
  | { readonly op: 'concat'; readonly id: string; readonly inputs: readonly string[]; readonly axis: Axis }
  /** Mean over height and width: batch x channels. */
  | (Step & { readonly op: 'globalAverage' })
  | (Step & { readonly op: 'dense'; readonly weights: string; readonly bias: string | null })
  /**
   * flatten: all that a picture has becomes one row, batch x (height * width * channels); rows too.
   * asMap: batch x channels becomes batch x 1 x 1 x channels.
   */
  | (Step & { readonly op: 'flatten' | 'asMap' })
  /** Subtracts the mean of all of a picture's values and divides by their standard deviation, or by `least`. */
  | (Step & { readonly op: 'standardise'; readonly least: number })
  /** Divides each row of batch x channels by its Euclidean length. */
  | (Step & { readonly op: 'l2Normalise' })
  /** batch x height x width x (boxes * length) becomes batch x (height * width * boxes) x length. */
  | (Step & { readonly op: 'rows'; readonly length: number });

/** channels: the last axis of a map; rows: the middle axis of what `rows` makes. */
export type Axis = 'channels' | 'rows';

export interface NetworkInput {
  /** null: any multiple of 32 (detectors). */
  readonly height: number | null;
  readonly width: number | null;
  /** What the network does to R, G and B, 0..255, first: (value - mean) * factor. */
  readonly mean: readonly [number, number, number];
  readonly factor: number;
}

export interface Network {
  readonly name: string;
  readonly input: NetworkInput;
  /** In an order in which every layer comes after its inputs; the picture is called `input`. */
  readonly layers: readonly Layer[];
  readonly outputs: readonly string[];
  /** Every weight that the layers name, and its shape. */
  readonly weights: ReadonlyMap<string, readonly number[]>;
}

/** The same padding at all four edges. */
export function around(pixels: number): Edges {
  return { top: pixels, right: pixels, bottom: pixels, left: pixels };
}

/** Padding at the bottom and right only. */
export function below(pixels: number): Edges {
  return { top: 0, right: pixels, bottom: pixels, left: 0 };
}

import { GatehouseError } from '../../server/base/errors.js';
import type { Tensor } from '../weights.js';
import type { KerasLayer } from './layers-topology.js';
import { unsupported, type Sliding } from './result.js';

/** A Keras layer's configuration and weights in reach. */
export class LayerSettings {
  readonly name: string;
  readonly #layer: KerasLayer;
  readonly #tensors: ReadonlyMap<string, Tensor>;

  constructor(layer: KerasLayer, path: string, tensors: ReadonlyMap<string, Tensor>) {
    this.name = `${path}${layer.name}`;
    this.#layer = layer;
    this.#tensors = tensors;
  }

  value(key: string): unknown {
    return this.#layer.config[key];
  }

  number(key: string, fallback: number): number {
    const value = this.value(key);
    return typeof value === 'number' ? value : fallback;
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.value(key);
    return typeof value === 'boolean' ? value : fallback;
  }

  numbers(key: string): number[] {
    const value = this.value(key);
    return Array.isArray(value) ? value.map(Number) : typeof value === 'number' ? [value] : [];
  }

  /** Of an activation or the like, which may stand there as an object. */
  kind(key: string, fallback: string): string {
    const value = this.value(key);
    if (typeof value === 'string') return value;
    const named = (value as { class_name?: unknown; config?: unknown } | null | undefined) ?? {};
    return typeof named.class_name === 'string' ? named.class_name : fallback;
  }

  /** A weight of this layer, under whichever path its model was saved. */
  weight(part: string): Tensor {
    const found = this.optional(part);
    if (found) return found;
    throw new GatehouseError(
      'MODEL_INCOMPLETE',
      `The weights lack ${this.name}/${part}.`,
      'Get all of the model’s files again.',
    );
  }

  optional(part: string): Tensor | null {
    const own = `${this.#layer.name}/${part}`;
    const found = this.#tensors.get(`${this.name}/${part}`) ?? this.#tensors.get(own);
    if (found) return found;
    const nested = [...this.#tensors.keys()].filter((name) => name.endsWith(`/${own}`));
    return nested.length === 1 ? this.#tensors.get(nested[0])! : null;
  }

  bias(): Float32Array | null {
    return this.flag('use_bias', true) ? this.weight('bias').values : null;
  }

  /** Of a convolution or pool; what the house's windows cannot do is refused. */
  sliding(strides = this.numbers('strides')): Sliding {
    const [down = 1, across = down] = strides;
    if (down !== across) throw this.unsupported(`a stride of ${down}x${across}`);
    if (this.numbers('dilation_rate').some((each) => each !== 1))
      throw this.unsupported('a dilated convolution');
    if (this.kind('data_format', 'channels_last') !== 'channels_last')
      throw this.unsupported('a map with its channels first');
    const padding = this.kind('padding', 'valid');
    if (padding !== 'same' && padding !== 'valid') throw this.unsupported(`the padding "${padding}"`);
    return { stride: down, padding };
  }

  unsupported(what: string): Error {
    return unsupported(`The layer ${this.name} (${this.#layer.kind})`, what);
  }
}

import { z } from 'zod';
import type { Edges, Padding } from '../network.js';
import { unsupported } from './result.js';

/** A node of a TensorFlow graph as TensorFlow.js stores it: protobuf's JSON, so 64-bit integers may be text. */
const stored = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});

export const graphTopology = z.object({ node: z.array(stored).min(1).max(50_000) });

/** A node with its attributes in reach. */
export class GraphNode {
  readonly name: string;
  readonly op: string;
  /** Names of the nodes it takes, `:output` included; those that only wait for each other left out. */
  readonly inputs: readonly string[];
  readonly #attributes: Record<string, Record<string, unknown> | undefined>;

  constructor({ name, op, input, attr }: z.infer<typeof stored>) {
    this.name = name;
    this.op = op;
    this.inputs = input.filter((each) => !each.startsWith('^'));
    this.#attributes = attr;
  }

  text(name: string, fallback: string): string {
    const value = this.#attributes[name]?.['s'];
    return typeof value === 'string' ? fromBase64(value) : fallback;
  }

  texts(name: string): string[] {
    return this.#list(name, 's').map((value) => fromBase64(String(value)));
  }

  number(name: string, fallback: number): number {
    const { i, f } = this.#attributes[name] ?? {};
    const value = i ?? f;
    return value === undefined ? fallback : Number(value);
  }

  flag(name: string): boolean {
    return this.#attributes[name]?.['b'] === true;
  }

  numbers(name: string): number[] {
    return this.#list(name, 'i').map(Number);
  }

  /** Stride and padding of a window; what the house's windows cannot do is refused. */
  sliding(): { stride: number; padding: Padding } {
    const [, down = 1, across = 1] = this.numbers('strides');
    if (down !== across) throw this.unsupported(`a stride of ${down}x${across}`);
    if (this.numbers('dilations').some((each) => each !== 1)) throw this.unsupported('a dilated convolution');
    if (this.text('data_format', 'NHWC') !== 'NHWC') throw this.unsupported('a map with its channels first');
    return { stride: down, padding: this.#padding() };
  }

  unsupported(what: string): Error {
    return unsupported(`The node ${this.name} (${this.op})`, what);
  }

  #padding(): Padding {
    const padding = this.text('padding', 'VALID');
    if (padding === 'SAME' || padding === 'VALID') return padding === 'SAME' ? 'same' : 'valid';
    return edges(this.numbers('explicit_paddings'));
  }

  #list(name: string, kind: string): unknown[] {
    const list = this.#attributes[name]?.['list'] as Record<string, unknown> | undefined;
    const values = list?.[kind];
    return Array.isArray(values) ? values : [];
  }
}

/** Pairs before and after of batch, height, width and channels, to edges. */
export function edges(pairs: ArrayLike<number>): Edges {
  return { top: pairs[2], bottom: pairs[3], left: pairs[4], right: pairs[5] };
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}

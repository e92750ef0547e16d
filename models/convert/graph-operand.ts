import type { Tensor } from '../weights.js';
import type { Drawing } from './drawing.js';
import type { GraphNode } from './graph-node.js';
import type { Result } from './result.js';

/** What a node gives: something of the picture, or numbers that are known beforehand. */
export type Operand =
  | { readonly result: Result; readonly constant?: never }
  | { readonly constant: Tensor; readonly result?: never };

/** A node that is being drawn, and what it takes; an operand is only drawn when it is asked for. */
export interface Drawn {
  readonly node: GraphNode;
  readonly drawing: Drawing;
  readonly operand: (index: number) => Operand;
  /** The node that feeds an input. */
  readonly source: (index: number) => GraphNode | null;
}

export type Op = (drawn: Drawn) => Operand | readonly Operand[];

export const given = (result: Result): Operand => ({ result });
export const known = (values: ArrayLike<number>, shape: readonly number[]): Operand => ({
  constant: { values: Float32Array.from(values), shape },
});

/** The operand that comes from the picture. */
export function of({ node, operand }: Drawn, index = 0): Result {
  const { result } = operand(index);
  if (!result) throw node.unsupported('a constant in the place of a map');
  return result;
}

/** The operand that is known beforehand. */
export function constantOf({ node, operand }: Drawn, index: number): Tensor {
  const { constant } = operand(index);
  if (!constant) throw node.unsupported('weights that depend on the picture');
  return constant;
}

/** Numbers for each channel: all but the last axis are 1. */
export function perChannel({ node }: Drawn, { shape, values }: Tensor): Float32Array {
  if (shape.slice(0, -1).some((length) => length !== 1))
    throw node.unsupported(`a constant of ${shape.join('x')}`);
  return values;
}

/** Axis of a tensor with its batch, counted from the front. */
export function axisOf(value: number, { shape }: Result): number {
  return value < 0 ? value + shape.length + 1 : value;
}

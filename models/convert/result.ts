import { GatehouseError } from '../../server/base/errors.js';
import type { Place } from '../describe.js';
import type { Padding } from '../network.js';

/** What a step of somebody else's network gives, in the house's words, with its shape without the batch. */
export interface Result {
  readonly place: Place;
  /** map: height x width x channels. flat: channels. rows: count x channels. */
  readonly shape: readonly number[];
}

/** How a window slides. */
export interface Sliding {
  readonly stride: number;
  readonly padding: Padding;
}

/** The model does something that the house has no word for. */
export function unsupported(name: string, what: string): GatehouseError {
  return new GatehouseError(
    'MODEL_UNSUPPORTED',
    `${name}: ${what} cannot be run here.`,
    'docs/models.md lists what can be; change the model, or name an output before that step.',
  );
}

/** The model contradicts itself, or what is asked of it. @param reason goes on from `The model cannot be used: ` */
export function invalid(reason: string): GatehouseError {
  return new GatehouseError(
    'MODEL_INVALID',
    `The model cannot be used: ${reason}.`,
    'Correct the manifest, or convert the model again.',
  );
}

export function map(x: Result, name: string): [height: number, width: number] {
  if (x.shape.length !== 3) throw unsupported(name, `a window over ${x.shape.join('x')}`);
  return [x.shape[0], x.shape[1]];
}

export function area({ shape }: Result): number {
  return shape.length === 3 ? shape[0] * shape[1] : 1;
}

/** Height and width of what a window of that size gives. */
export function slide(
  [height, width]: readonly [number, number],
  [tall, wide]: readonly [number, number],
  { stride, padding }: Sliding,
): [number, number] {
  const count = (length: number, size: number, added: number): number =>
    padding === 'same' ? Math.ceil(length / stride) : Math.floor((length + added - size) / stride) + 1;
  const edges = typeof padding === 'string' ? { top: 0, right: 0, bottom: 0, left: 0 } : padding;
  return [count(height, tall, edges.top + edges.bottom), count(width, wide, edges.left + edges.right)];
}

import type { Ranges } from '../../../models/ranges/ranges.js';
import type { Plan, Step } from './fold.js';

type Convolution = Extract<Step, { op: 'convolution' }>;

/** How a result is written in 8 bits: value = (stored - zeroPoint) * scale, stored 0..255. */
export interface Grid {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** A convolution in integers: filters -127..127 with one scale an outgoing channel, no zero point. */
export interface QuantisedFilters {
  readonly filters: Int8Array;
  readonly scales: Float32Array;
  /** In units of the input's scale times the channel's. */
  readonly bias: Int32Array;
  readonly biasScales: Float32Array;
}

/** Which results of a plan are kept in 8 bits, and how. */
export type Grids = ReadonlyMap<string, Grid>;

/** A picture's values are whole numbers, 0..255, already: 8 bits hold them exactly. */
const PICTURE: Grid = { scale: 1, zeroPoint: 0 };

/** What a ReLU6 lets through needs no measuring. */
const BOUNDED = [0, 6] as const;

/**
 * Ids of the results that 8 bits can hold and whose range has to be measured: every map that something other than an
 * activation reads and that no activation bounds. The last maps before a pool over everything, and all rows, stay as they are.
 */
export function measured(plan: Plan): string[] {
  return plan.steps
    .filter((step) => isKept(plan, step) && !inherits(step) && !isBounded(step))
    .map(({ id }) => id);
}

/**
 * The grid of every result that is kept in 8 bits: asymmetric, from the least to the most that was measured, 0 included
 * so that padding is exact (Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient
 * Integer-Arithmetic-Only Inference"). null where a range is missing.
 */
export function gridsOf(plan: Plan, ranges: Ranges): Grids | null {
  const grids = new Map<string, Grid>(normalises(plan) ? [] : [['input', PICTURE]]);
  for (const step of plan.steps) {
    if (!isKept(plan, step)) continue;
    if (inherits(step)) {
      const grid = grids.get((step as { input: string }).input);
      if (grid) grids.set(step.id, grid);
      continue;
    }
    if (!isBounded(step) && !(step.id in ranges)) return null;
    grids.set(step.id, gridOf(isBounded(step) ? BOUNDED : ranges[step.id]));
  }
  return grids;
}

function gridOf([least, most]: readonly [number, number]): Grid {
  const low = Math.min(0, least);
  const high = Math.max(0, most);
  const scale = (high - low) / 255 || 1;
  return { scale, zeroPoint: Math.round(Math.abs(low) / scale) };
}

/** Whether the convolution is computed in integers. A leaky activation cannot be part of one. */
export function isQuantised(step: Convolution, grids: Grids): boolean {
  return grids.has(step.input) && grids.has(step.id) && step.activation?.kind !== 'leakyRelu';
}

/**
 * Filters and bias in integers.
 *
 * @param most largest magnitude of a filter's value: 127, or 63 where the processor adds pairs of products in 16 bits
 */
export function quantiseFilters(step: Convolution, input: Grid, most: number): QuantisedFilters {
  const { filters: values, bias } = step;
  // Filters of both kinds hold their outgoing channels innermost.
  const channels = bias.length;
  const largest = new Float32Array(channels);
  // Plain loops: with an iterator or a callback a value, these two were most of an engine's start.
  for (let i = 0; i < values.length; i += 1) {
    const channel = i % channels;
    const magnitude = Math.abs(values[i]);
    if (magnitude > largest[channel]) largest[channel] = magnitude;
  }
  const scales = largest.map((value) => value / most || 1);
  const filters = new Int8Array(values.length);
  for (let i = 0; i < values.length; i += 1) filters[i] = Math.round(values[i] / scales[i % channels]);
  const biasScales = scales.map((scale) => scale * input.scale);
  const quantised = Int32Array.from(bias, (value, i) => Math.round(value / biasScales[i]));
  return { filters, scales, bias: quantised, biasScales };
}

const KEPT = new Set<Step['op']>([
  'convolution',
  'scale',
  'activation',
  'maxPool',
  'averagePool',
  'l2Pool',
  'pad',
  'padChannels',
  'add',
]);

/**
 * The step that normalises the picture, where the first convolution cannot take that in. It and that convolution stay in floats:
 * rounding everything that follows from the start costs scores, and three channels are little work.
 */
function normalises(plan: Plan): Step | undefined {
  return plan.steps.find((step) => step.op === 'scale' && step.input === 'input');
}

function isBounded(step: Step): boolean {
  return (step.op === 'convolution' || step.op === 'activation') && step.activation?.kind === 'relu6';
}

function isKept(plan: Plan, step: Step): boolean {
  const start = normalises(plan);
  if (start && (step === start || inputsOf(step)[0] === start.id)) return false;
  if (!(step.op === 'concat' ? step.axis === 'channels' : KEPT.has(step.op))) return false;
  if (plan.outputs.includes(step.id)) return false;
  const readers = plan.steps.filter((other) => inputsOf(other).includes(step.id));
  return readers.some((reader) => !['activation', 'globalAverage', 'rows'].includes(reader.op));
}

/** These put out values that they were given, and zeros. */
function inherits(step: Step): boolean {
  return step.op === 'maxPool' || step.op === 'pad' || step.op === 'padChannels';
}

function inputsOf(step: Step): readonly string[] {
  if (step.op === 'concat') return step.inputs;
  return step.op === 'add' ? [step.input, step.other] : [step.input];
}

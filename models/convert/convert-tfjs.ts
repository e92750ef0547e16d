import { GatehouseError } from '../../server/base/errors.js';
import { Drawing } from './drawing.js';
import { drawGraph } from './graph.js';
import { drawLayers } from './layers.js';
import type { Converted } from './prune.js';
import type { TfjsModel } from './read-tfjs.js';
import type { Result } from './result.js';

/** How a picture is handed to a network that was made elsewhere. */
export interface Preparation {
  /** Side of the square picture, pixels. */
  readonly size: number;
  readonly channels: 'RGB' | 'BGR';
  /**
   * (value - mean) * factor, one number or one each for R, G and B in this order; `per-picture`: less the picture's mean,
   * divided by its standard deviation.
   */
  readonly normalisation:
    | 'per-picture'
    | { readonly mean: number | readonly number[]; readonly factor: number | readonly number[] };
}

/**
 * Writes a TensorFlow.js model down in the house's own words, from a picture of R, G and B, 0..255, to one
 * output, so that every engine runs it. Throws MODEL_UNSUPPORTED, MODEL_INVALID or MODEL_INCOMPLETE.
 *
 * @param output the output that is wanted; null: the model's only one
 * @param normalise whether the output is to be divided by its length
 */
export function convertTfjs(
  name: string,
  model: TfjsModel,
  preparation: Preparation,
  output: string | null,
  normalise: boolean,
): Converted & { readonly length: number } {
  const { drawing, start } = prepare(name, preparation);
  const draw = model.kind === 'graph' ? drawGraph : drawLayers;
  const drawn = draw(model, drawing, start, output);
  const flat = drawing.flatten(drawn);
  if (flat.place.id === drawing.picture.place.id)
    throw new GatehouseError('MODEL_INVALID', `${name} gives its picture back.`, 'Name another output.');
  const result = normalise ? drawing.l2Normalise(flat) : flat;
  return { ...drawing.finish(result), length: flat.place.channels };
}

function prepare(
  name: string,
  { size, channels, normalisation }: Preparation,
): { drawing: Drawing; start: Result } {
  const input = (mean: readonly number[], factor: number) => ({
    height: size,
    width: size,
    mean: mean as [number, number, number],
    factor,
  });
  let drawing: Drawing;
  let start: Result;
  if (normalisation === 'per-picture') {
    drawing = new Drawing(name, input([0, 0, 0], 1));
    start = drawing.standardise(drawing.picture);
  } else {
    const mean = each(normalisation.mean);
    const factor = each(normalisation.factor);
    // The house's pictures have one factor; where the colours differ, a step of its own scales them.
    const alike = factor.every((value) => value === factor[0]);
    drawing = new Drawing(name, alike ? input(mean, factor[0]) : input([0, 0, 0], 1));
    start = alike
      ? drawing.picture
      : drawing.scale(
          drawing.picture,
          factor,
          mean.map((value, i) => -value * factor[i]),
          'picture',
        );
  }
  if (channels === 'BGR') {
    const colours = [2, 1, 0].map((colour) => drawing.sliceChannels(start, colour, 1, 'picture'));
    start = drawing.concat(colours, 3, 'picture');
  }
  return { drawing, start };
}

function each(value: number | readonly number[]): readonly number[] {
  return typeof value === 'number' ? [value, value, value] : value;
}

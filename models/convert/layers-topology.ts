import { z } from 'zod';

/** One call of a layer: its number among the layer's calls, and which of its results is meant. */
export interface Call {
  readonly layer: string;
  readonly call: number;
}

export interface KerasLayer {
  readonly kind: string;
  readonly name: string;
  readonly config: Record<string, unknown>;
  /** What each call of it takes. */
  readonly calls: readonly (readonly Call[])[];
}

/** A Keras model as layers that name what they take; a sequence is a model whose layers each take the one before. */
export interface KerasModel {
  readonly layers: readonly KerasLayer[];
  readonly inputs: readonly Call[];
  readonly outputs: readonly Call[];
}

const layer = z.object({
  class_name: z.string(),
  name: z.string().optional(),
  config: z.record(z.string(), z.unknown()),
  inbound_nodes: z.array(z.unknown()).default([]),
});
const ends = z.array(z.unknown()).default([]);
const functional = z.object({ layers: z.array(layer), input_layers: ends, output_layers: ends });
const sequential = z.union([
  z.array(layer),
  z.object({ layers: z.array(layer) }).transform(({ layers }) => layers),
]);

/**
 * Reads the topology of a layers model, as Keras 2, Keras 3 and TensorFlow.js itself write it.
 *
 * @returns null where it is none
 */
export function readTopology(topology: unknown): KerasModel | null {
  const model = unwrap(topology);
  return model && readModel(model.class_name, model.config);
}

/** The model of such a class and config, which may also stand as a layer within another; null where it is none. */
export function readModel(kind: string, config: unknown): KerasModel | null {
  if (kind === 'Sequential') return readSequence(config);
  if (kind !== 'Functional' && kind !== 'Model') return null;
  const parsed = functional.safeParse(config);
  if (!parsed.success) return null;
  const { layers, input_layers, output_layers } = parsed.data;
  return {
    layers: layers.map((each) => ({ ...named(each), calls: each.inbound_nodes.map(references) })),
    inputs: references(wrapped(input_layers)),
    outputs: references(wrapped(output_layers)),
  };
}

function readSequence(config: unknown): KerasModel | null {
  const parsed = sequential.safeParse(config);
  if (!parsed.success || parsed.data.length === 0) return null;
  const layers = parsed.data.map(named);
  const starts = layers[0].kind === 'InputLayer' ? layers : [START, ...layers];
  return {
    layers: starts.map((each, i) => ({
      ...each,
      calls: i === 0 ? [] : [[{ layer: starts[i - 1].name, call: 0 }]],
    })),
    inputs: [{ layer: starts[0].name, call: 0 }],
    outputs: [{ layer: starts.at(-1)!.name, call: 0 }],
  };
}

const START = { kind: 'InputLayer', name: '(the picture)', config: {} };

function named({ class_name, name, config }: z.infer<typeof layer>): Omit<KerasLayer, 'calls'> {
  return { kind: class_name, name: name ?? String(config['name']), config };
}

/** A single output stands there bare: ["dense", 0, 0] instead of [["dense", 0, 0]]. */
function wrapped(list: readonly unknown[]): unknown[] {
  return typeof list[0] === 'string' ? [list] : [...list];
}

/** What one call takes: Keras 2 lists [name, call, result, ...], Keras 3 hides the same in `keras_history`. */
function references(value: unknown): Call[] {
  if (Array.isArray(value)) {
    if (typeof value[0] === 'string' && typeof value[1] === 'number')
      return [{ layer: value[0], call: value[1] }];
    return value.flatMap(references);
  }
  if (value === null || typeof value !== 'object') return [];
  const { keras_history, ...rest } = value as Record<string, unknown>;
  return keras_history ? references(keras_history) : Object.values(rest).flatMap(references);
}

function unwrap(topology: unknown): { class_name: string; config: unknown } | null {
  const own = z.object({ class_name: z.string(), config: z.unknown() });
  const within = z.object({ model_config: own }).safeParse(topology);
  const parsed = within.success
    ? { success: true as const, data: within.data.model_config }
    : own.safeParse(topology);
  return parsed.success ? { class_name: parsed.data.class_name, config: parsed.data.config } : null;
}

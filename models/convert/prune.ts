import type { Layer, Network } from '../network.js';
import type { Weights } from '../weights.js';

/** A network of the house and its weights. */
export interface Converted {
  readonly network: Network;
  readonly weights: Weights;
}

/** The same network without the layers and weights that none of its outputs needs. */
export function prune(network: Network, weights: Weights): Converted {
  const needed = new Set(network.outputs);
  const layers: Layer[] = [];
  for (const layer of [...network.layers].reverse()) {
    if (!needed.has(layer.id)) continue;
    layers.unshift(layer);
    for (const id of inputsOf(layer)) needed.add(id);
  }
  const named = new Set(layers.flatMap((layer): unknown[] => Object.values(layer)));
  const kept = <T>(entries: ReadonlyMap<string, T>): Map<string, T> =>
    new Map([...entries].filter(([name]) => named.has(name)));
  return { network: { ...network, layers, weights: kept(network.weights) }, weights: kept(weights) };
}

function inputsOf(layer: Layer): readonly string[] {
  if (layer.op === 'concat') return layer.inputs;
  return 'other' in layer ? [layer.input, layer.other] : [layer.input];
}

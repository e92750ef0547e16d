import { catalogue, readNetwork, type NetworkName } from '../../models/catalogue.js';
import type { Network } from '../../models/network.js';
import type { Weights } from '../../models/weights.js';
import { generatedWeights } from '../contracts/generated.js';

/** Batches in which networks of faces are measured. Detectors look at one picture at a time, as the pipeline does. */
export const batches = [1, 8] as const;

/** A larger input than this belongs to a whole picture, not to a face, pixels. */
const LARGEST_FACE = 256;

/** What a detector without a size of its own is fed for a 720p frame: 608 wide, rows up to a multiple of 32. */
export const liveSize = { height: 352, width: 608 } as const;

/** Every network of the catalogue, in its order. */
export const networkNames = Object.keys(catalogue) as NetworkName[];

/** The networks that are fed faces, with the batches in which they are measured; detectors only 1. */
export function batchesOf(network: Network): readonly number[] {
  return (network.input.height ?? Infinity) <= LARGEST_FACE ? batches : [1];
}

export function inputSize({ input }: Network): { height: number; width: number } {
  return { height: input.height ?? liveSize.height, width: input.width ?? liveSize.width };
}

/** A network ready to load. Weights that nobody has imported are generated: what they hold changes no time. */
export async function networkOf(name: NetworkName): Promise<{ network: Network; weights: Weights }> {
  if (catalogue[name].weights.kind === 'package') return readNetwork(name, '');
  const network = catalogue[name].describe();
  return { network, weights: generatedWeights(network) };
}

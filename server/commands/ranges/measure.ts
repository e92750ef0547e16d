import { catalogue, readNetwork, type EmbeddingNetwork } from '../../../models/catalogue.js';
import type { KeptRanges, Ranges } from '../../../models/ranges.js';
import { readImportedManifest } from '../../../models/weights.js';
import { demoPeople } from '../../demo/people.js';
import type { Pose } from '../../demo/portrait.js';
import { templateOf } from '../../faces/align.js';
import { measureRanges } from '../../faces/engines/measure-ranges.js';
import { engines } from '../../faces/open-engine.js';
import { drawnChips } from './drawn-chips.js';

/** From every side, in every light, far and near, as a camera at a door sees people. */
const POSES: readonly Partial<Pose>[] = [
  {},
  { yaw: 28, light: 0.8 },
  { yaw: -28, smile: 0.9 },
  { yaw: 14, pitch: 10, size: 120 },
  { yaw: -14, pitch: -10, size: 200, light: 1.2 },
  { roll: 16, light: 0.65 },
  { roll: -16, blink: 1 },
  { pitch: 14, smile: 0, size: 90 },
  { pitch: -14, smile: 1, light: 1.25 },
  { yaw: 20, roll: -10, light: 1.1, size: 140 },
];

/** Drawn faces are plainer than real ones: every range is widened by this share (docs/decisions/engines.md). */
const MARGIN = 0.35;

/**
 * What the results of an embedding network reach on drawn faces. Takes some seconds and blocks its thread. Rejects as
 * `readNetwork` does, and with ENGINE_NOT_FOUND where onnxruntime is not on this machine.
 */
export async function rangesOnDrawnFaces(
  name: EmbeddingNetwork,
  modelsFolder: string,
  margin = MARGIN,
): Promise<KeptRanges> {
  const { network, weights } = await readNetwork(name, modelsFolder);
  const engine = await engines.onnx({ threads: 1 });
  let chips: Float32Array[];
  try {
    chips = await drawnChips(engine, templateOf(name), demoPeople, POSES, modelsFolder);
  } finally {
    await engine.close();
  }
  const ranges = await measureRanges(network, weights, chips);
  return {
    network: name,
    sha256: await sha256Of(name, modelsFolder),
    measuredOn: `${chips.length} drawn faces`,
    ranges: Object.fromEntries(Object.entries(ranges).map(([id, range]) => [id, widen(range, margin)])),
  };
}

/** Four digits are plenty for 256 steps. */
function widen([least, most]: Ranges[string], margin: number): [number, number] {
  const round = (value: number): number => Number(value.toPrecision(4));
  return [round(least * (1 + margin)), round(most * (1 + margin))];
}

async function sha256Of(name: EmbeddingNetwork, modelsFolder: string): Promise<string> {
  const source = catalogue[name].weights;
  if (source.kind === 'package') return source.sha256.binary;
  return (await readImportedManifest(name, source.how, `${modelsFolder}/${source.folder}`)).sha256;
}

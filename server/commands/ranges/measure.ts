import { join } from 'node:path';
import { findEmbedder, readNetwork } from '../../../models/catalogue.js';
import type { KeptRanges, Ranges } from '../../../models/ranges/ranges.js';
import { readImportedManifest, type WeightsSource } from '../../../models/weights.js';
import { demoPeople } from '../../demo/people.js';
import type { Pose } from '../../demo/portrait.js';
import { chipTemplate, type ChipTemplate } from '../../faces/align.js';
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

/** Chips of drawn faces, each size x size x 3 numbers, 0..255. */
export type ChipsOf = (template: ChipTemplate) => Promise<readonly Float32Array[]>;

/** Draws faces and cuts them out, for each template once: the variants of a network share theirs. */
export function drawnFaces(modelsFolder: string): ChipsOf {
  const made = new Map<string, Promise<Float32Array[]>>();
  const make = async (template: ChipTemplate): Promise<Float32Array[]> => {
    const engine = await engines.onnx({ threads: 1 });
    try {
      return await drawnChips(engine, template, demoPeople, POSES, modelsFolder);
    } finally {
      await engine.close();
    }
  };
  return (template) => {
    const key = JSON.stringify(template);
    const chips = made.get(key) ?? make(template);
    made.set(key, chips);
    return chips;
  };
}

/**
 * What the results of an embedding network reach on drawn faces. Takes some seconds and blocks its thread. Rejects as
 * `readNetwork` does, and with ENGINE_NOT_FOUND where onnxruntime is not on this machine.
 */
export async function rangesOnDrawnFaces(
  name: string,
  modelsFolder: string,
  chipsOf = drawnFaces(modelsFolder),
): Promise<KeptRanges> {
  const { network, weights } = await readNetwork(name, modelsFolder);
  const { embedding, weights: source } = await findEmbedder(name, modelsFolder);
  const chips = await chipsOf(chipTemplate(embedding.alignment, embedding.size));
  const ranges = await measureRanges(network, weights, chips);
  return {
    network: name,
    sha256: await sha256Of(name, source, modelsFolder),
    measuredOn: `${chips.length} drawn faces`,
    ranges: Object.fromEntries(Object.entries(ranges).map(([id, range]) => [id, widen(range)])),
  };
}

/** Four digits are plenty for 256 steps. */
function widen([least, most]: Ranges[string]): [number, number] {
  const round = (value: number): number => Number(value.toPrecision(4));
  return [round(least * (1 + MARGIN)), round(most * (1 + MARGIN))];
}

async function sha256Of(name: string, source: WeightsSource, modelsFolder: string): Promise<string> {
  if (source.kind === 'package') return source.sha256.binary;
  return (await readImportedManifest(name, source.how, join(modelsFolder, source.folder))).sha256;
}

import { dlibChip } from '../../server/faces/align.js';
import type { Engine, Runner } from '../../server/faces/engine.js';
import type { Face } from '../../server/faces/face.js';
import { loadDetectors } from '../../server/faces/load-detectors.js';
import { qualityDefaults } from '../../server/faces/quality-gate.js';
import { openPixelMemory } from '../../server/faces/kernels/pixel-memory.js';
import { recognise, type Tools } from '../../server/faces/recognise.js';
import { detectDefaults } from '../../server/faces/start-recogniser.js';
import { reusedMemory } from '../../server/faces/scratch.js';
import type { Picture } from '../../server/frames/frame.js';
import { loadOn } from './networks.js';

/** Recognition of live frames on an engine, put together as server/faces/recognise.worker.ts does it. */
export async function liveTools(
  engine: Engine,
  wrap: (runner: Runner) => Runner = (runner) => runner,
): Promise<Tools> {
  const load = async (name: Parameters<typeof loadOn>[1]): Promise<Runner> =>
    wrap((await loadOn(engine, name)).runner);
  const memory = await openPixelMemory();
  const scratch = memory?.scratch ?? reusedMemory();
  return {
    liveness: () => Promise.reject(new Error('liveness is not measured')),
    detectors: await loadDetectors(engine, 'nowhere', scratch, wrap),
    detect: detectDefaults,
    landmarks: await load('landmarks68'),
    embedder: await load('dlib-resnet'),
    quality: qualityDefaults,
    scratch,
    ...(memory && { bring: (pictures) => memory.bring(pictures) }),
    template: dlibChip,
  };
}

/** Every face of every picture, found, aligned and embedded: frames of which nothing is known yet. */
export function recogniseAll(tools: Tools, pictures: readonly Picture[]): Promise<Face[][]> {
  return recognise(
    tools,
    pictures,
    pictures.map(() => ({})),
  );
}

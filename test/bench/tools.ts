import { dlibChip } from '../../server/faces/align.js';
import type { Engine, Runner } from '../../server/faces/engine.js';
import type { Face } from '../../server/faces/face.js';
import { qualityDefaults } from '../../server/faces/quality-gate.js';
import { recognise, type Tools } from '../../server/faces/recognise.js';
import { detectDefaults } from '../../server/faces/start-recogniser.js';
import type { Picture } from '../../server/frames/frame.js';
import { networkOf } from './networks.js';

/** Recognition of live frames on an engine, put together as server/faces/recognise.worker.ts does it. */
export async function liveTools(
  engine: Engine,
  wrap: (runner: Runner) => Runner = (runner) => runner,
): Promise<Tools> {
  const load = async (name: Parameters<typeof networkOf>[0]): Promise<Runner> => {
    const { network, weights } = await networkOf(name);
    return wrap(await engine.load(network, weights));
  };
  return {
    detector: await load('tiny-detector'),
    detect: detectDefaults,
    photoDetector: () => Promise.reject(new Error('live frames only')),
    landmarks: await load('landmarks68'),
    embedder: await load('dlib-resnet'),
    quality: qualityDefaults,
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

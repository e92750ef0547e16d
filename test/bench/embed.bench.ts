import { afterAll, bench, describe } from 'vitest';
import { readNetwork, type NetworkName } from '../../models/catalogue.js';
import { dlibChip } from '../../server/faces/align.js';
import { detect, type Detectors } from '../../server/faces/detect.js';
import { embed } from '../../server/faces/embed.js';
import { engineNames } from '../../server/faces/engine.js';
import { landmarks } from '../../server/faces/landmarks.js';
import { ssdAnchors } from '../../server/faces/look-ssd.js';
import { engines } from '../../server/faces/open-engine.js';
import { detectDefaults } from '../../server/faces/start-recogniser.js';
import { drawnPicture } from '../faces/drawn-picture.js';

// Each step of recognition, one thread, on one 720p frame with one face; embeddings also eight at a time.

const picture = await drawnPicture([{ id: 'skuli', x: 640, y: 260 }]);
for (const name of engineNames) {
  const engine = await engines[name]({ threads: 1 }).catch(() => null);
  if (!engine) continue;
  const load = async (network: NetworkName) => {
    const read = await readNetwork(network, 'nowhere');
    return engine.load(read.network, read.weights);
  };
  const ssd = await readNetwork('ssd-mobilenet', 'nowhere');
  const detectors: Detectors = {
    ssd: { runner: await engine.load(ssd.network, ssd.weights), anchors: ssdAnchors(ssd.weights) },
    tiny: () => load('tiny-detector'),
  };
  const runners = {
    landmarks: await load('landmarks68'),
    embedder: await load('dlib-resnet'),
  };
  const options = { profile: 'balanced', ...detectDefaults } as const;
  const [{ box }] = await detect(detectors, picture, options);
  const [points] = await landmarks(runners.landmarks, [{ picture, box }]);
  const face = { picture, landmarks: points };

  describe(`${name} ${engine.version}`, () => {
    afterAll(() => engine.close());
    bench('detect', async () => {
      await detect(detectors, picture, options);
    });
    bench('landmarks, two passes', async () => {
      await landmarks(runners.landmarks, [{ picture, box }]);
    });
    bench('embed 1', async () => {
      await embed(runners.embedder, dlibChip, [face]);
    });
    bench('embed 8', async () => {
      await embed(runners.embedder, dlibChip, Array<typeof face>(8).fill(face));
    });
    bench('the whole frame', async () => {
      const found = await detect(detectors, picture, options);
      const all = await landmarks(
        runners.landmarks,
        found.map((one) => ({ picture, box: one.box })),
      );
      await embed(
        runners.embedder,
        dlibChip,
        all.map((one) => ({ picture, landmarks: one })),
      );
    });
  });
}

import { dlibChip } from '../../server/faces/align.js';
import { detect } from '../../server/faces/detect.js';
import type { EngineName } from '../../server/faces/engine.js';
import { engines } from '../../server/faces/open-engine.js';
import type { Picture } from '../../server/frames/frame.js';
import type { Loaded, Work } from './contender.js';
import { batchesOf, inputSize, networkNames, loadOn } from './networks.js';
import { chipsOf } from './pictures.js';
import { liveTools, recogniseAll } from './tools.js';

/** Engines that take no notice of how many threads they are told: WebAssembly has one in Node. */
export const ownThreads: ReadonlySet<string> = new Set(['wasm']);

/** One of our engines: every network of the catalogue by itself, and the whole frame as the workers do it. */
export async function loadEngine(name: EngineName, threads: number, picture: Picture): Promise<Loaded> {
  const engine = await engines[name]({ threads });
  const works: Work[] = [];
  for (const networkName of networkNames) {
    const { network, runner } = await loadOn(engine, networkName);
    const size = inputSize(network);
    for (const batch of batchesOf(network)) {
      const input =
        size.height === size.width
          ? chipsOf(picture, size.height, batch)
          : new Float32Array(batch * size.height * size.width * 3).fill(128);
      works.push({
        name: `${networkName}/${batch}`,
        run: async () => {
          await runner.run(input, batch, size);
          return undefined;
        },
      });
    }
  }

  const tools = await liveTools(engine);
  works.push({
    name: 'frame',
    run: async () => {
      await recogniseAll(tools, [picture]);
      return undefined;
    },
  });
  works.push({
    name: 'detect',
    run: async () => {
      await detect(tools.detectors, picture, { ...tools.detect, profile: 'balanced' });
      return undefined;
    },
  });
  const [faces] = await recogniseAll(tools, [picture]);
  const [embedding] = await tools.embedder.run(chipsOf(picture, dlibChip.size, 1), 1);
  return { version: engine.version, works, found: { frame: faces.length }, embedding };
}

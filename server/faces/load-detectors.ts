import { readNetwork } from '../../models/catalogue.js';
import type { Detectors } from './detect.js';
import type { Engine, Runner } from './engine.js';
import { ssdAnchors } from './look-ssd.js';

/**
 * The networks that find faces, compiled. Rejects as `readNetwork` does.
 *
 * @param modelsFolder `<data>/models`
 * @param wrap what stands around each runner, for whoever measures it
 */
export async function loadDetectors(
  engine: Engine,
  modelsFolder: string,
  wrap: (runner: Runner) => Runner = (runner) => runner,
): Promise<Detectors> {
  const { network, weights } = await readNetwork('ssd-mobilenet', modelsFolder);
  let tiny: Promise<Runner> | null = null;
  const loadTiny = async (): Promise<Runner> => {
    const read = await readNetwork('tiny-detector', modelsFolder);
    return wrap(await engine.load(read.network, read.weights));
  };
  return {
    ssd: { runner: wrap(await engine.load(network, weights)), anchors: ssdAnchors(weights) },
    tiny: () => (tiny ??= loadTiny()),
  };
}

import { readNetwork } from '../../models/catalogue.js';
import type { Detectors } from './detect.js';
import type { Engine, Runner } from './engine.js';
import { ssdAnchors, type Ssd } from './look-ssd.js';
import type { Scratch } from './scratch.js';

/**
 * The networks that find faces, compiled. Rejects as `readNetwork` does.
 *
 * @param modelsFolder `<data>/models`
 * @param scratch where pictures are drawn for them; left out: new memory for each
 * @param wrap what stands around each runner, for whoever measures it
 */
export async function loadDetectors(
  engine: Engine,
  modelsFolder: string,
  scratch?: Scratch,
  wrap: (runner: Runner) => Runner = (runner) => runner,
): Promise<Detectors> {
  const { network, weights, ranges } = await readNetwork('ssd-mobilenet', modelsFolder);
  let tiny: Promise<Runner> | null = null;
  const loadTiny = async (): Promise<Runner> => {
    const read = await readNetwork('tiny-detector', modelsFolder);
    return wrap(await engine.load(read.network, read.weights));
  };
  const anchors = ssdAnchors(weights);
  const ssd = { runner: wrap(await engine.load(network, weights, ranges)), anchors };
  let floats: Promise<Ssd> | null = null;
  const loadFloats = async (): Promise<Ssd> =>
    ssd.runner.precision === 'int8' ? { runner: wrap(await engine.load(network, weights)), anchors } : ssd;
  return {
    ssd,
    careful: () => (floats ??= loadFloats()),
    tiny: () => (tiny ??= loadTiny()),
    ...(scratch && { scratch }),
  };
}

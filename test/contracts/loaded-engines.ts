import { engineNames, type Engine } from '../../server/faces/engine.js';
import { engines } from '../../server/faces/open-engine.js';

/** Every engine that this machine has; test/contracts/engine.test.ts says why one is missing. */
export async function loadedEngines(): Promise<Engine[]> {
  const opened = await Promise.all(
    engineNames.map((name) => engines[name]({ threads: 1 }).catch(() => null)),
  );
  return opened.filter((engine) => engine !== null);
}

/** The largest difference between two outputs, in parts of the largest value where that is above 1. */
export function farthest(actual: Float32Array, expected: Float32Array): number {
  const size = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return actual.reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected[i]) / size), 0);
}

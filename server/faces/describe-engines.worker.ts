import { parentPort } from 'node:worker_threads';
import { asGatehouseError } from '../base/errors.js';
import type { EngineReport } from './describe-engines.js';
import { engineNames } from './engine.js';
import { engines } from './open-engine.js';

// Opens each engine once and says how that went.

const reports: EngineReport[] = [];
for (const name of engineNames) {
  try {
    const engine = await engines[name]({ threads: 1 });
    reports.push({ name, version: engine.version, reason: null });
    await engine.close();
  } catch (thrown) {
    reports.push({ name, version: null, reason: asGatehouseError(thrown).message });
  }
}
parentPort!.postMessage(reports);

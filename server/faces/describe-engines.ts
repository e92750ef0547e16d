import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { workerBeside } from '../base/worker.js';
import type { EngineName } from './engine.js';

/** What this machine has of an engine: a version, or the reason in words why it has none. */
export type EngineReport =
  { name: EngineName; version: string; reason: null } | { name: EngineName; version: null; reason: string };

/** Tries every engine, in the order in which `auto` does, on a thread of its own. For `doctor`. */
export async function describeEngines(): Promise<EngineReport[]> {
  const worker = new Worker(workerBeside(import.meta.url, './describe-engines.worker'));
  try {
    const [reports] = (await once(worker, 'message')) as [EngineReport[]];
    return reports;
  } finally {
    await worker.terminate();
  }
}

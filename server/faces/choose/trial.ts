import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { workerBeside } from '../../base/worker.js';
import { engineNames, type EngineName } from '../engine.js';

/** What an engine is tried with. */
export interface TrialSetup {
  network: string;
  modelsFolder: string;
}

/** How an engine did with a network on this machine. */
export type Trial = {
  name: EngineName;
} & (
  | {
      version: string;
      /** null: any number. */
      maxWorkers: number | null;
      precision: 'float32' | 'int8';
      /** Median, one thread, in batches as they come from a frame. */
      msPerFace: number;
      /** Largest distance of an embedding from the same chip's in floats. */
      drift: number;
      reason: null;
    }
  | { version: null; reason: string }
);

/** What the child says. */
export type TrialAnswer =
  | {
      version: string;
      maxWorkers: number | null;
      precision: 'float32' | 'int8';
      msPerFace: number;
      /** Of every chip, one after another, each `length` numbers. */
      embeddings: Float32Array;
      length: number;
    }
  | { reason: string };

/** An engine that has not answered by then is given up, ms. */
const PATIENCE_MS = 30_000;

/**
 * Tries every engine with the network, one after another so that none disturbs another, each in a process of its own: one
 * that crashes or hangs takes nothing else with it. In the order of `engineNames`. Rejects where `signal` is aborted.
 */
export async function tryEngines(
  setup: TrialSetup,
  options: { names?: readonly EngineName[]; patienceMs?: number; signal?: AbortSignal } = {},
): Promise<Trial[]> {
  const { names = engineNames, patienceMs = PATIENCE_MS, signal = new AbortController().signal } = options;
  const answers = new Map<EngineName, TrialAnswer>();
  for (const name of names) {
    answers.set(name, await tryEngine(name, setup, patienceMs, signal));
    signal.throwIfAborted();
  }
  const floats = [...answers.values()].find((each) => 'precision' in each && each.precision === 'float32');
  return [...answers].map(([name, answer]): Trial => {
    if ('reason' in answer) return { name, version: null, reason: answer.reason };
    const { version, maxWorkers, precision, msPerFace, embeddings, length } = answer;
    // Without any engine in floats there is nothing to compare with: then it is not known to be right.
    const drift =
      floats && 'embeddings' in floats ? furthest(embeddings, floats.embeddings, length) : Infinity;
    return { name, version, maxWorkers, precision, msPerFace, drift, reason: null };
  });
}

function tryEngine(
  name: EngineName,
  setup: TrialSetup,
  patienceMs: number,
  signal: AbortSignal,
): Promise<TrialAnswer> {
  signal.throwIfAborted();
  const entry = fileURLToPath(workerBeside(import.meta.url, './trial.child'));
  // From sources, in development and in tests, the child needs the loader that its parent runs on.
  const loader = entry.endsWith('.ts')
    ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
    : [];
  const child = fork(entry, [JSON.stringify({ ...setup, name })], {
    execArgv: loader,
    serialization: 'advanced',
    // Libraries print what they like; it is not the server's own word.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise((resolve) => {
    let answer: TrialAnswer | null = null;
    const giveUp = (): void => void child.kill('SIGKILL');
    signal.addEventListener('abort', giveUp, { once: true });
    const alarm = setTimeout(() => {
      answer ??= { reason: `it did not answer within ${patienceMs / 1000} s` };
      child.kill('SIGKILL');
    }, patienceMs);
    child.once('message', (message) => (answer = message as TrialAnswer));
    child.once('error', (error) => (answer ??= { reason: `it cannot be tried: ${error.message}` }));
    child.once('close', (code, endedBy) => {
      clearTimeout(alarm);
      signal.removeEventListener('abort', giveUp);
      resolve(answer ?? { reason: `it ended its process (${endedBy ?? `exit code ${code}`})` });
    });
  });
}

/** The largest Euclidean distance between embeddings, each of `length` numbers, of the same chip. */
export function furthest(ours: Float32Array, theirs: Float32Array, length: number): number {
  let most = 0;
  for (let start = 0; start < ours.length; start += length) {
    let sum = 0;
    for (let i = start; i < start + length; i += 1) sum += (ours[i] - theirs[i]) ** 2;
    // NaN counts as infinitely far.
    most = sum >= 0 ? Math.max(most, Math.sqrt(sum)) : Infinity;
  }
  return most;
}

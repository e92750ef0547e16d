import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { GatehouseError } from '../base/errors.js';
import { workerBeside } from '../base/worker.js';
import { espeakSpeech } from './espeak.js';
import { runProgram } from './run-program.js';
import type { Speech } from './speech.js';

/** Milliseconds; a sentence takes half a second, most of it to start Node and load 18 MB of WASM. */
const LIMIT = 20_000;
const FILE = '/speech.wav';
const require = createRequire(import.meta.url);

/**
 * Speech by espeak-ng compiled to WASM (npm package `espeak-ng`, GPL-3.0-or-later, an optional dependency). It
 * runs in a process of its own for each sentence, for two reasons: it would block the event loop, and a GPL
 * program is run, not linked with.
 *
 * @throws GatehouseError SPEECH_UNAVAILABLE where the package is not installed, SPEECH_FAILED where it does not run
 */
export async function espeakWasm(signal: AbortSignal): Promise<Speech> {
  const module = findModule();
  const run = (args: readonly string[], file: string | null, signal: AbortSignal) =>
    runProgram({
      command: process.execPath,
      args: childArguments(),
      input: JSON.stringify({ module, args, file }),
      limitMs: LIMIT,
      signal,
    });
  return espeakSpeech(
    'espeak-ng-wasm',
    'npm package espeak-ng',
    {
      print: async (args, signal) => (await run(args, null, signal)).toString('utf8'),
      // Everything after "--" is text.
      say: (args, text, signal) => run([...args, '-w', FILE, '--', text], FILE, signal),
    },
    signal,
  );
}

function findModule(): string {
  try {
    return pathToFileURL(require.resolve('espeak-ng')).href;
  } catch (cause) {
    throw new GatehouseError(
      'SPEECH_UNAVAILABLE',
      'the npm package espeak-ng is not installed',
      'Install with optional dependencies (`npm install --include=optional`).',
      { cause },
    );
  }
}

function childArguments(): string[] {
  const entry = fileURLToPath(workerBeside(import.meta.url, './espeak-wasm.child'));
  // From sources, in development and in tests, the child needs the loader that its parent runs on.
  const loader = entry.endsWith('.ts') ? ['--import', pathToFileURL(require.resolve('tsx')).href] : [];
  return [...loader, entry];
}

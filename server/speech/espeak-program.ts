import { runProgram } from './run-program.js';
import { espeakSpeech } from './espeak.js';
import type { Speech } from './speech.js';

/** Milliseconds; a sentence takes some ten. */
const LIMIT = 10_000;

/**
 * Speech by the system's espeak-ng, or its forerunner espeak (both GPL-3.0-or-later, run as programs).
 *
 * @param path of the program
 * @param name "espeak-ng" or "espeak"
 * @throws GatehouseError SPEECH_FAILED where it does not run
 */
export function espeakProgram(path: string, name: string, signal: AbortSignal): Promise<Speech> {
  const run = (args: readonly string[], input: string, signal: AbortSignal) =>
    runProgram({ command: path, args, input, limitMs: LIMIT, signal });
  return espeakSpeech(
    name,
    path,
    {
      print: async (args, signal) => (await run(args, '', signal)).toString('utf8'),
      // The text goes through standard input: no length to mind, and never read as an option.
      say: (args, text, signal) => run([...args, '--stdin', '--stdout'], text, signal),
    },
    signal,
  );
}

import { GatehouseError } from '../base/errors.js';
import { chooseVoice, readVoices, type EspeakVoice } from './espeak-voices.js';
import { mendWav } from './mend-wav.js';
import { plainText } from './plain-text.js';
import type { Sentence, Speech } from './speech.js';

/** Words a minute at rate 1: espeak's own 175 is brisk for a hall. */
const PACE = 160;
const SLOWEST = 0.5;
const FASTEST = 2;

/** One way to run an espeak: as a program of the system, or as the WASM build in a process of its own. */
export interface EspeakRunner {
  /** What `args` (`--version`, `--voices`) make it print. */
  print(args: readonly string[], signal: AbortSignal): Promise<string>;
  /** The WAV that it makes of `text`; its header's sizes may be wrong. */
  say(args: readonly string[], text: string, signal: AbortSignal): Promise<Uint8Array>;
}

/**
 * Makes a Speech of an espeak, once it has told its version and its voices: so it is known to run here.
 *
 * @param place where it was found, for describe()
 * @throws GatehouseError SPEECH_FAILED where it does not run
 */
export async function espeakSpeech(
  name: string,
  place: string,
  runner: EspeakRunner,
  signal: AbortSignal,
): Promise<Speech> {
  const [about, table] = await Promise.all([
    runner.print(['--version'], signal),
    runner.print(['--voices'], signal),
  ]);
  const version = readVersion(about);
  const voices = readVoices(table);
  if (voices.length === 0) {
    throw new GatehouseError(
      'SPEECH_FAILED',
      `${place} has no voices.`,
      'Install its voice data (espeak-ng-data).',
    );
  }
  return {
    name,
    describe: () => `${name} ${version}, ${voices.length} voices, ${place}`,
    render: async (sentence, signal) => {
      const text = plainText(sentence.text);
      if (text === '') {
        throw new GatehouseError('SPEECH_FAILED', 'There is nothing to say.', 'Write words into the phrase.');
      }
      return mendWav(await runner.say(espeakArguments(sentence, voices), text, signal));
    },
  };
}

function espeakArguments(sentence: Sentence, voices: readonly EspeakVoice[]): string[] {
  const rate = Math.min(FASTEST, Math.max(SLOWEST, sentence.rate ?? 1));
  const voice = chooseVoice(voices, sentence.language, sentence.voice);
  // -b 1: the text is UTF-8, whatever the locale.
  return ['-b', '1', '-s', String(Math.round(PACE * rate)), ...(voice === null ? [] : ['-v', voice])];
}

function readVersion(line: string): string {
  return /\d+\.\d+[\w.-]*/.exec(line)?.[0] ?? 'of unknown version';
}

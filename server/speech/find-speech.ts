import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { asGatehouseError, GatehouseError } from '../base/errors.js';
import { espeakProgram } from './espeak-program.js';
import { espeakWasm } from './espeak-wasm.js';
import type { Speech } from './speech.js';

/** One way to speak that was looked at; `reason` says in words why it is used or not. */
export interface SpeechTrial {
  name: string;
  used: boolean;
  reason: string;
}

export interface FoundSpeech {
  /** null where nothing speaks here: the product goes on without. */
  speech: Speech | null;
  /** For `gatehouse doctor`, in the order of trying. */
  trials: SpeechTrial[];
}

/**
 * The first way to speak that works here: the system's espeak-ng, its forerunner espeak, espeak-ng as WASM.
 * The system's program comes first because it answers in a few hundredths of a second.
 *
 * @param searchPath folders to look for programs in, as in PATH
 */
export async function findSpeech(
  options: { searchPath?: string; signal?: AbortSignal } = {},
): Promise<FoundSpeech> {
  const { searchPath = process.env.PATH ?? '', signal = new AbortController().signal } = options;
  const ways: { name: string; open: () => Promise<Speech> }[] = [
    ...['espeak-ng', 'espeak'].map((name) => ({
      name,
      open: async () => espeakProgram(await findProgram(name, searchPath), name, signal),
    })),
    { name: 'espeak-ng-wasm', open: () => espeakWasm(signal) },
  ];
  const trials: SpeechTrial[] = [];
  for (const { name, open } of ways) {
    try {
      const speech = await open();
      trials.push({ name, used: true, reason: speech.describe() });
      return { speech, trials };
    } catch (error) {
      signal.throwIfAborted();
      trials.push({ name, used: false, reason: asGatehouseError(error, 'SPEECH_FAILED').message });
    }
  }
  return { speech: null, trials };
}

/** The error that says why nothing speaks, for commands to which speech is the point. */
export function speechUnavailable(trials: readonly SpeechTrial[]): GatehouseError {
  const reasons = trials.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  return new GatehouseError(
    'SPEECH_UNAVAILABLE',
    `Nothing on this machine can speak (${reasons}).`,
    'Install espeak-ng (Debian: `apt-get install espeak-ng`), or install Gatehouse with its optional dependencies.',
  );
}

async function findProgram(name: string, searchPath: string): Promise<string> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of searchPath.split(delimiter).filter((each) => each !== '')) {
    const path = join(folder, file);
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not there, or not to be run: the next folder.
    }
  }
  throw new GatehouseError('SPEECH_UNAVAILABLE', 'not found on PATH', `Install ${name}.`);
}

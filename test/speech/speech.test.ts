import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { asGatehouseError } from '../../server/base/errors.js';
import { espeakWasm } from '../../server/speech/espeak-wasm.js';
import { findSpeech, speechUnavailable } from '../../server/speech/find-speech.js';
import type { Speech } from '../../server/speech/speech.js';
import { speechContract } from './speech.contract.js';

const signal = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-speech-'));
afterAll(() => rmSync(folder, { recursive: true }));

const system = await findSpeech();
const isProgram = system.speech !== null && system.speech.name !== 'espeak-ng-wasm';
speechContract(
  'the system program',
  isProgram ? system.speech : null,
  isProgram ? system.speech!.describe() : 'neither espeak-ng nor espeak on PATH',
);

const wasm = await espeakWasm(signal).then(
  (speech): [Speech | null, string] => [speech, speech.describe()],
  (thrown: unknown): [Speech | null, string] => {
    // Skipped where it is not installed, and not where a busy machine takes too long to start it.
    if (asGatehouseError(thrown).code !== 'SPEECH_UNAVAILABLE') throw thrown;
    return [null, asGatehouseError(thrown).message];
  },
);
speechContract('WASM', ...wasm);

test.skipIf(wasm[0] === null)('without a program, the WASM build speaks', async () => {
  const { speech, trials } = await findSpeech({ searchPath: folder });
  expect(speech?.name).toBe('espeak-ng-wasm');
  expect(trials.map(({ name, used, reason }) => [name, used, reason])).toEqual([
    ['espeak-ng', false, 'not found on PATH'],
    ['espeak', false, 'not found on PATH'],
    ['espeak-ng-wasm', true, expect.stringContaining('voices')],
  ]);
});

test.skipIf(process.platform === 'win32')(
  'a program that is broken is passed over, with the reason',
  async () => {
    for (const [name, script] of [
      ['espeak-ng', 'echo "no voice data here" >&2; exit 3'],
      ['espeak', 'echo "no table"'],
    ]) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, name), 0o755);
    }
    const { trials } = await findSpeech({ searchPath: folder });
    expect(trials[0]).toMatchObject({
      used: false,
      reason: expect.stringContaining('ended with 3: no voice data here') as string,
    });
    expect(trials[1]).toMatchObject({
      used: false,
      reason: expect.stringContaining('has no voices') as string,
    });
  },
);

test('where nothing speaks, the error says what was tried and what to do', () => {
  const error = speechUnavailable([{ name: 'espeak-ng', used: false, reason: 'not found on PATH' }]);
  expect(error).toMatchObject({
    code: 'SPEECH_UNAVAILABLE',
    message: 'Nothing on this machine can speak (espeak-ng: not found on PATH).',
    remedy: expect.stringContaining('apt-get install espeak-ng') as string,
  });
});

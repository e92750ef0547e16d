import { spawn } from 'node:child_process';
import { GatehouseError } from '../base/errors.js';

export interface Run {
  command: string;
  /** Handed over as they are; no shell reads them. */
  args: readonly string[];
  /** Written to the program's standard input. */
  input: string;
  /** Milliseconds after which the program is killed. */
  limitMs: number;
  signal: AbortSignal;
}

/** Bytes of standard output, about six minutes of sound; a program that writes more has gone wrong. */
const MOST_OUTPUT = 16 << 20;
const MOST_COMPLAINT = 4096;

/**
 * Runs a program to its end and resolves with its standard output. Settles only when the program is gone.
 * It sees nothing of our environment but what it takes to run: no camera's password, no token.
 *
 * @throws GatehouseError SPEECH_FAILED; the signal's reason after an abort
 */
export async function runProgram({ command, args, input, limitMs, signal }: Run): Promise<Buffer> {
  signal.throwIfAborted();
  const child = spawn(command, args, { stdio: 'pipe', env: leanEnvironment(), windowsHide: true });
  const output: Buffer[] = [];
  let size = 0;
  let complaint = '';
  let failure: string | undefined;
  const stop = (why?: string) => {
    failure ??= why;
    child.kill('SIGKILL');
  };
  const abort = () => stop();
  signal.addEventListener('abort', abort);
  const limit = setTimeout(() => stop(`it took longer than ${limitMs / 1000} s`), limitMs);
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MOST_OUTPUT) stop('it would not stop talking');
    else output.push(chunk);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, MOST_COMPLAINT);
  });
  // A program that ends before it has read everything: its exit code tells more than our EPIPE.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  try {
    const code = await new Promise<number | string | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exit, killed) => resolve(exit ?? killed));
    });
    signal.throwIfAborted();
    if (code !== 0) failure ??= `it ended with ${code}: ${complaint.trim() || 'no reason given'}`;
  } catch (error) {
    signal.throwIfAborted();
    failure = (error as Error).message;
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', abort);
  }
  if (failure !== undefined) {
    throw new GatehouseError(
      'SPEECH_FAILED',
      `The speech program failed: ${failure}`,
      'Run `gatehouse doctor`; it names the speech program that is used.',
    );
  }
  return Buffer.concat(output);
}

function leanEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'ESPEAK_DATA_PATH', 'LD_LIBRARY_PATH', 'TMPDIR', 'TEMP', 'SystemRoot'];
  const some = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...(Object.fromEntries(some) as NodeJS.ProcessEnv), LC_ALL: 'C.UTF-8' };
}

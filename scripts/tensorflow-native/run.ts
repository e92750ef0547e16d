import { spawn } from 'node:child_process';

/** How a program ended: its exit code, null where it was not to be found, and the end of what it said. */
export interface Outcome {
  code: number | null;
  /** Both its outputs, in the order in which they came; the last 64 KiB. */
  said: string;
}

const KEEP = 64 * 1024;

/**
 * Runs a program to its end and keeps what it says. Never rejects.
 *
 * @param show lets its standard output through, for the progress that it draws there; errors are kept all the same
 */
export function run(
  program: string,
  args: readonly string[],
  { cwd, show = false }: { cwd?: string; show?: boolean } = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', show ? 'inherit' : 'pipe', 'pipe'] });
    let said = '';
    const hear = (text: string): void => void (said = (said + text).slice(-KEEP));
    child.stdout?.setEncoding('utf8').on('data', hear);
    child.stderr!.setEncoding('utf8').on('data', hear);
    child.on('error', (error) => resolve({ code: null, said: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, said }));
  });
}

/** The last lines that say something, for a message. */
export function lastLines(said: string, count = 12): string {
  const lines = said.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  return lines.slice(-count).join('\n');
}

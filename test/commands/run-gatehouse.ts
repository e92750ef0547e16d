import { execFile } from 'node:child_process';

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command line from its sources to its end. */
export function runGatehouse(...args: string[]): Promise<Outcome> {
  const node = ['--import', 'tsx', '--import', './scripts/typescript-workers.mjs', 'server/main.ts'];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...node, ...args],
      { env: { ...process.env, NODE_OPTIONS: '' }, timeout: 120_000, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
  });
}

import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runProgram, type Run } from '../../server/speech/run-program.js';

/** Runs a line of JavaScript as the program. */
const run = (script: string, more: Partial<Run> = {}) =>
  runProgram({
    command: process.execPath,
    args: ['-e', script],
    input: '',
    limitMs: 20_000,
    signal: new AbortController().signal,
    ...more,
  });

const FOREVER = 'process.stdout.write(String(process.pid)); setInterval(() => {}, 1000)';

test('hands over input and gives back output, byte by byte', async () => {
  const input = 'Þór\n"; exit 1; \'$(id)';
  expect((await run('process.stdin.pipe(process.stdout)', { input })).toString()).toBe(input);
});

test('arguments arrive as they are', async () => {
  const args = ['-e', 'process.stdout.write(JSON.stringify(process.argv.slice(1)))', '--', '$HOME; id', '*'];
  expect(JSON.parse((await run('', { args })).toString())).toEqual(['$HOME; id', '*']);
});

test('a program sees no secret of our environment', async () => {
  process.env.GATEHOUSE_TOKEN = 'secret';
  try {
    const seen = JSON.parse(
      (await run('process.stdout.write(JSON.stringify(process.env))')).toString(),
    ) as object;
    expect(seen).toMatchObject({ LC_ALL: 'C.UTF-8' });
    expect(seen).not.toHaveProperty('GATEHOUSE_TOKEN');
  } finally {
    delete process.env.GATEHOUSE_TOKEN;
  }
});

test('a failing program is an error with its own words', async () => {
  await expect(run('console.error("no such voice"); process.exit(4)')).rejects.toMatchObject({
    code: 'SPEECH_FAILED',
    message: 'The speech program failed: it ended with 4: no such voice',
  });
});

test('a program that is not there is an error', async () => {
  await expect(run('', { command: '/nowhere/espeak' })).rejects.toMatchObject({ code: 'SPEECH_FAILED' });
});

test('a program that reads nothing and ends is no crash', async () => {
  expect((await run('', { input: 'x'.repeat(1 << 20) })).length).toBe(0);
});

test('one that takes too long is killed', async () => {
  await expect(run(FOREVER, { limitMs: 300 })).rejects.toMatchObject({
    message: 'The speech program failed: it took longer than 0.3 s',
  });
});

test('one that says too much is killed', async () => {
  const script =
    'const b = Buffer.alloc(1 << 20); const f = () => { while (process.stdout.write(b)); process.stdout.once("drain", f) }; f()';
  await expect(run(script)).rejects.toMatchObject({
    message: 'The speech program failed: it would not stop talking',
  });
});

test('an abort kills it, and it is gone when the promise settles', async () => {
  const abort = new AbortController();
  const reason = new Error('enough');
  const path = `${process.env.TMPDIR ?? '/tmp'}/gatehouse-run-${process.pid}`;
  const { existsSync, readFileSync, rmSync } = await import('node:fs');
  const running = run(`require('node:fs').writeFileSync('${path}', String(process.pid)); ${FOREVER}`, {
    signal: abort.signal,
  });
  while (!existsSync(path) || readFileSync(path, 'utf8') === '') await wait(5);
  const pid = Number(readFileSync(path, 'utf8'));
  rmSync(path);
  expect(process.kill(pid, 0)).toBe(true);
  abort.abort(reason);
  await expect(running).rejects.toBe(reason);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

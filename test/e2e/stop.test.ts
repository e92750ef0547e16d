import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readdir, readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDataFolder } from '../../server/base/data-folder.js';
import { SCENES } from '../fixtures/demo-clip.js';
import { childrenOf, PRODUCT, productFolder, startProduct } from '../fixtures/product.js';

let place: Awaited<ReturnType<typeof productFolder>>;

/** A data folder as a first start leaves it: engines measured, people enrolled. */
beforeAll(async () => {
  place = await productFolder(JSON.parse(await readFile('streams.config.json', 'utf8')) as unknown);
  if (existsSync(SCENES)) await cp(SCENES, join(place.data, 'demo'), { recursive: true });
  await (await startProduct(place)).stop();
}, 120_000);

afterAll(() => place.remove());

/** Every process below `pid`, at whatever depth. */
async function family(pid: number): Promise<number[]> {
  const children = (await childrenOf(pid)).map((child) => child.pid);
  return [...children, ...(await Promise.all(children.map(family))).flat()];
}

const isThere = (pid: number): boolean => existsSync(`/proc/${pid}`);

async function stopAfter(ms: number) {
  const args = [PRODUCT, 'start', '--config', place.config, '--data', place.data, '--port', '0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  const gone = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  await wait(ms);
  const children = await family(child.pid!);
  const began = performance.now();
  child.kill('SIGTERM');
  const [code, signal] = await gone;
  return { code, signal, took: performance.now() - began, children, output };
}

describe('SIGTERM while the server starts', () => {
  test.each([0, 50, 100, 200, 400, 800, 1500])('after %i ms', async (ms) => {
    const { code, signal, took, children, output } = await stopAfter(ms);
    console.log(
      `SIGTERM after ${ms} ms: ${signal ?? `exit code ${code}`}, gone ${Math.round(took)} ms later`,
    );
    // Before Node has come to the first line of ours nobody can catch a signal, and there is nothing to put away.
    if (code === null) {
      expect(signal).toBe('SIGTERM');
      expect(output).toBe('');
    } else expect(code, output).toBe(0);
    expect(took).toBeLessThan(2_000);
    expect(children.filter(isThere)).toEqual([]);
    const locks = (await readdir(place.data)).filter((name) => name.startsWith('lock.'));
    for (const lock of locks)
      expect(JSON.parse(await readFile(join(place.data, lock), 'utf8'))).toMatchObject({ released: true });
    await (await openDataFolder(place.data)).release();
  });

  test('and once it runs', async () => {
    const product = await startProduct(place);
    await expect.poll(async () => (await product.health()).status, { timeout: 60_000 }).toBe('ok');
    const children = await family(product.child.pid!);
    expect(children.length).toBeGreaterThanOrEqual(3);
    const { code, ms } = await product.stop();
    console.log(`SIGTERM once it runs: exit code ${code}, gone ${Math.round(ms)} ms later`);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(2_000);
    expect(children.filter(isThere)).toEqual([]);
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('lets no library keep an id of the machine, nor a database of what is to be reported', async () => {
  const home = await mkdtemp(join(tmpdir(), 'gatehouse-home-'));
  try {
    const loaders = ['--import', 'tsx', '--import', './scripts/typescript-workers.mjs'];
    const { ORT_DISABLE_TELEMETRY: _, ...environment } = process.env;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...loaders, 'test/faces/telemetry.child.ts'],
      { env: { ...environment, NODE_OPTIONS: '', HOME: home, XDG_CACHE_HOME: '' } },
    );
    expect(stdout).toMatch(/^onnx \d/);
    expect(await readdir(home, { recursive: true })).toEqual([]);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});

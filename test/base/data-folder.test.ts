import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openDataFolder } from '../../server/base/data-folder.js';
import { describeProcess, ownProcess, type ProcessMark } from '../../server/base/process-mark.js';

const HOLDER = fileURLToPath(new URL('./hold-data-folder.ts', import.meta.url));
const QUICK = { beat: 40, patience: 200 };
let folder: string;
const holders: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-data-'));
});
afterEach(async () => {
  await Promise.all(holders.splice(0).map(kill));
  rmSync(folder, { recursive: true, force: true });
});

/** Another process that tries to take the folder; resolves with what it says. */
async function contend(path: string): Promise<{ says: string; process: ChildProcess }> {
  const child = spawn(process.execPath, ['--import', 'tsx', HOLDER, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  holders.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { says: line.toString().trim(), process: child };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

function locks(): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('lock'));
}

/** Leaves a lock behind, as somebody else would. */
function leaveLock(mark: Partial<ProcessMark>): string {
  const path = join(folder, 'lock.7');
  writeFileSync(path, JSON.stringify({ ...ownProcess(), released: false, ...mark }));
  return path;
}

describe('the folder', () => {
  test('is made, with its parents, for its owner only', async () => {
    const { path, release } = await openDataFolder(join(folder, 'a', 'b'));
    expect(path).toBe(join(folder, 'a', 'b'));
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o700);
    await release();
  });

  test('that is a file is refused with what to do', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(openDataFolder(file)).rejects.toMatchObject({
      code: 'DATA_NOT_WRITABLE',
      exitCode: 73,
      message: expect.stringContaining(file) as string,
      remedy: expect.stringContaining('--data') as string,
    });
    await expect(openDataFolder(join(file, 'below'))).rejects.toMatchObject({ code: 'DATA_NOT_WRITABLE' });
  });

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'that may not be written is refused (skipped for root, who may write anywhere)',
    async () => {
      const closed = join(folder, 'closed');
      mkdirSync(closed, { mode: 0o500 });
      await expect(openDataFolder(closed)).rejects.toMatchObject({ code: 'DATA_NOT_WRITABLE' });
    },
  );

  const small = smallDisk();
  afterAll(() => {
    if (small === null) return;
    execFileSync('umount', [small]);
    rmSync(small, { recursive: true });
  });
  test.skipIf(small === null)(
    'on a full disk is refused (needs the right to mount a small one)',
    async () => {
      await expect(openDataFolder(small!)).rejects.toMatchObject({ code: 'DISK_FULL', exitCode: 74 });
    },
  );
});

describe('its lock', () => {
  test('keeps a second server out, in this process and in another, until it is released', async () => {
    const first = await openDataFolder(folder);
    await expect(openDataFolder(folder)).rejects.toMatchObject({
      code: 'DATA_IN_USE',
      message: expect.stringContaining(`process ${process.pid} `) as string,
    });
    expect((await contend(folder)).says).toBe('DATA_IN_USE');
    await first.release();
    await first.release();
    const second = await openDataFolder(folder);
    expect(locks()).toHaveLength(1);
    await second.release();
  });

  test('is free at once after kill -9', async () => {
    for (let round = 0; round < 3; round++) {
      const holder = await contend(folder);
      expect(holder.says).toBe('held');
      await expect(openDataFolder(folder)).rejects.toMatchObject({ code: 'DATA_IN_USE' });
      await kill(holder.process);
    }
    // A patience that the test would not survive: nobody waits for a holder known to be dead.
    const { release } = await openDataFolder(folder, { beat: 1000, patience: 3_600_000 });
    await release();
  });

  test('of a dead holder goes to one of many who want it', async () => {
    const dead = await contend(folder);
    await kill(dead.process);
    const said = (await Promise.all(Array.from({ length: 4 }, () => contend(folder)))).map(
      ({ says }) => says,
    );
    expect(said.sort()).toEqual(['DATA_IN_USE', 'DATA_IN_USE', 'DATA_IN_USE', 'held']);
  });

  test('goes to exactly one, however many tries overlap', async () => {
    for (let round = 0; round < 20; round++) {
      const tries = await Promise.allSettled(Array.from({ length: 8 }, () => openDataFolder(folder)));
      const held = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      expect(held).toHaveLength(1);
      await held[0].release();
    }
    expect(locks()).toHaveLength(1);
  });

  test('of a number that belongs to another process now is taken over', async () => {
    leaveLock({ started: '1' });
    await (await openDataFolder(folder)).release();
    expect(locks()).toEqual(['lock.8']);
  });

  test('from before the machine was restarted is taken over', async () => {
    leaveLock({ boot: 'another' });
    await (await openDataFolder(folder)).release();
  });

  test('of another container or machine holds while it shows life', async () => {
    const lock = leaveLock({ host: 'elsewhere', pid: 1 });
    const life = setInterval(() => utimesSync(lock, new Date(), new Date()), QUICK.beat);
    onTestFinished(() => clearInterval(life));
    await expect(openDataFolder(folder, QUICK)).rejects.toMatchObject({
      code: 'DATA_IN_USE',
      message: expect.stringContaining('process 1 on elsewhere') as string,
    });
  });

  test('of another container or machine is taken over when it shows none', async () => {
    leaveLock({ host: 'elsewhere', pid: 1 });
    await (await openDataFolder(folder, QUICK)).release();
  });

  test('shows life itself', async () => {
    const { release } = await openDataFolder(folder, QUICK);
    const lock = join(folder, locks()[0]);
    utimesSync(lock, new Date(0), new Date(0));
    await expect.poll(() => statSync(lock).mtimeMs).toBeGreaterThan(0);
    await release();
    expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({ released: true });
  });

  test('that was torn while it was written is taken over', async () => {
    writeFileSync(join(folder, 'lock.3'), '{"pid":');
    await (await openDataFolder(folder, QUICK)).release();
    expect(locks()).toEqual(['lock.4']);
  });
});

describe('describeProcess', () => {
  test('knows this process, a dead one, and one it cannot look up', async () => {
    expect(describeProcess(ownProcess())).toBe('alive');
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(describeProcess({ ...ownProcess(), pid: child.pid! })).toBe('gone');
    expect(describeProcess({ ...ownProcess(), pidSpace: 'pid:[1]' })).toBe('elsewhere');
  });
});

/** A file system with no room for one more file; null where it cannot be had. */
function smallDisk(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const at = mkdtempSync(join(tmpdir(), 'gatehouse-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k,nr_inodes=1', 'tmpfs', at], { stdio: 'ignore' });
    return at;
  } catch {
    rmSync(at, { recursive: true });
    return null;
  }
}

import { randomUUID } from 'node:crypto';
import {
  access,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { constants } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { GatehouseError, isDiskFull } from './errors.js';
import { describeProcess, ownProcess, type ProcessMark } from './process-mark.js';

export interface DataFolder {
  /** Absolute. */
  path: string;
  /** Lets another server have it; harmless a second time. */
  release: () => Promise<void>;
}

interface LockRecord extends ProcessMark {
  released: boolean;
}

export interface LockTimes {
  /** Milliseconds between two signs of life. */
  beat: number;
  /** Milliseconds without one after which a holder that cannot be looked up is taken for dead. */
  patience: number;
}

const LOCK = /^lock\.(\d+)$/;

/**
 * Opens the folder in which a server keeps everything: makes it (for its owner only), sees that it can be
 * written, and takes its lock, so that two servers never share one.
 *
 * A holder on this machine is looked up by process number and start time: after kill -9 the next server has
 * the folder at once, and a number that was given to another process fools nobody. A holder in another
 * container or on another machine cannot be looked up: it counts as alive while it touches its lock.
 *
 * @throws GatehouseError DATA_IN_USE, DATA_NOT_WRITABLE, DISK_FULL
 */
export async function openDataFolder(
  folder: string,
  times: LockTimes = { beat: 4000, patience: 10_000 },
): Promise<DataFolder> {
  const path = resolve(folder);
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    const lock = await takeLock(path, times);
    const beat = setInterval(() => {
      const now = new Date();
      // A disk that is gone shows elsewhere; here it only means no sign of life.
      utimes(lock, now, now).catch(() => undefined);
    }, times.beat);
    beat.unref();
    return { path, release: () => release(lock, beat) };
  } catch (error) {
    throw explain(error, path);
  }
}

/**
 * The lock is the file `lock.N` with the highest N. It is taken by making `lock.N+1`, which only one can do, and
 * given back by marking it, never by removing it: numbers only grow. So a slow contender who still makes an
 * old number finds a higher one beside it afterwards, and knows that it came too late.
 */
async function takeLock(folder: string, times: LockTimes): Promise<string> {
  const own: LockRecord = { ...ownProcess(), released: false };
  const draft = join(folder, `lock-${randomUUID()}`);
  await writeFile(draft, JSON.stringify(own), { mode: 0o600, flag: 'wx' });
  try {
    for (;;) {
      const highest = (await lockNumbers(folder)).at(-1) ?? 0;
      if (highest > 0) await refuseIfHeld(folder, highest, times);
      const mine = join(folder, `lock.${highest + 1}`);
      if (!(await create(draft, mine))) continue;
      const numbers = await lockNumbers(folder);
      if (numbers.at(-1) === highest + 1) {
        for (const old of numbers.slice(0, -1)) await rm(join(folder, `lock.${old}`), { force: true });
        await clearDrafts(folder);
        return mine;
      }
      await rm(mine, { force: true });
    }
  } finally {
    await rm(draft, { force: true });
  }
}

async function lockNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => LOCK.exec(name)?.slice(1).map(Number) ?? []).sort((a, b) => a - b);
}

/** What others left who were killed while they made their lock; a young one may still be wanted. */
async function clearDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('lock-')) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (mtimeMs < Date.now() - 60_000) await rm(path, { force: true });
  }
}

/** Makes the lock with its whole content in one step. @returns false where another was faster */
async function create(draft: string, lock: string): Promise<boolean> {
  try {
    await link(draft, lock);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // exFAT and some network drives know no links: there the content follows a moment later.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EOPNOTSUPP') throw error;
  }
  try {
    await writeFile(lock, await readFile(draft), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function refuseIfHeld(folder: string, number: number, times: LockTimes): Promise<void> {
  const path = join(folder, `lock.${number}`);
  const holder = await readRecord(path);
  if (holder?.released) return;
  const state = holder ? describeProcess(holder) : 'elsewhere';
  if (state === 'gone' || (state === 'elsewhere' && !(await showsLife(path, times)))) return;
  throw new GatehouseError(
    'DATA_IN_USE',
    `The data folder ${folder} is used by another Gatehouse (${
      holder ? `process ${holder.pid} on ${holder.host}` : 'of which nothing is known'
    }).`,
    'Stop the other one, or give this one a folder of its own with --data.',
  );
}

/** null where the file is gone or holds no record (yet). */
async function readRecord(path: string): Promise<LockRecord | null> {
  try {
    const record = JSON.parse(await readFile(path, 'utf8')) as Partial<LockRecord> | null;
    return typeof record?.pid === 'number' && typeof record.host === 'string' ? (record as LockRecord) : null;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whether the lock is touched or replaced while we watch; both times are of its own clock, so none is compared with ours. */
async function showsLife(path: string, { beat, patience }: LockTimes): Promise<boolean> {
  const touched = () =>
    stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => null,
    );
  const before = await touched();
  for (let waited = 0; waited < patience; waited += beat / 4) {
    await wait(beat / 4);
    if ((await touched()) !== before) return true;
  }
  return false;
}

async function release(lock: string, beat: NodeJS.Timeout): Promise<void> {
  clearInterval(beat);
  const draft = `${lock}-released`;
  try {
    await writeFile(draft, JSON.stringify({ ...ownProcess(), released: true }), { mode: 0o600 });
    await rename(draft, lock);
  } catch {
    // A full disk, or a folder that was removed meanwhile: our death frees the lock as well.
    await rm(draft, { force: true });
  }
}

function explain(error: unknown, path: string): unknown {
  if (error instanceof GatehouseError) return error;
  if (isDiskFull(error)) {
    return new GatehouseError(
      'DISK_FULL',
      `The disk of the data folder ${path} is full.`,
      'Free some space, or choose another folder with --data.',
      { cause: error },
    );
  }
  return new GatehouseError(
    'DATA_NOT_WRITABLE',
    `The data folder ${path} cannot be used: ${(error as Error).message}.`,
    'Give this user the right to write there, or choose another folder with --data.',
    { cause: error },
  );
}

import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncScheduler, Subject, type Subscription } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { watchConfig, type ConfigReading } from '../../server/config/watch-config.js';

const text = (name: string) =>
  JSON.stringify({ cameras: [{ id: 'door', name, source: { kind: 'webcam', device: '/dev/video0' } }] });

let folder: string;
let file: string;
let watching: Subscription;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-watch-'));
  file = join(folder, 'streams.config.json');
});
afterEach(async () => {
  watching.unsubscribe();
  await rm(folder, { recursive: true, force: true });
});

/** Follows the file; without regular looks, unless told, so that the signs of change are what is tested. */
function follow(options: { settleMs?: number; rescanMs?: number; again?: Subject<void> } = {}) {
  const readings: ConfigReading[] = [];
  watching = watchConfig(file, {
    environment: process.env,
    scheduler: asyncScheduler,
    settleMs: 60,
    rescanMs: 3_600_000,
    onError: (error) => {
      throw error;
    },
    ...options,
  }).subscribe((reading) => readings.push(reading));
  const names = () => readings.map(({ config, error }) => config?.cameras[0].name ?? error!.code);
  return {
    readings,
    names,
    comes: (...expected: string[]) => expect.poll(names, { timeout: 10_000 }).toEqual(expected),
  };
}

describe('following the configuration', () => {
  test('what it is at first, and what is written into it', async () => {
    await writeFile(file, text('one'));
    const { comes } = follow();
    await comes('one');
    await writeFile(file, text('two'));
    await comes('one', 'two');
  });

  test('a file that is put in its place, as editors do, again and again', async () => {
    await writeFile(file, text('one'));
    const { comes } = follow();
    await comes('one');
    for (const [index, name] of ['two', 'three'].entries()) {
      await writeFile(`${file}~`, text(name));
      await rename(`${file}~`, file);
      await comes(...['one', 'two', 'three'].slice(0, index + 2));
    }
  });

  test('a mounted config map, which changes by the link that it lies behind', async () => {
    const version = async (name: string): Promise<void> => {
      await mkdir(join(folder, `..${name}`));
      await writeFile(join(folder, `..${name}`, 'streams.config.json'), text(name));
      await symlink(`..${name}`, join(folder, '..data_tmp'));
      await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    await version('one');
    await symlink('..data/streams.config.json', file);
    const { comes } = follow();
    await comes('one');
    await version('two');
    await comes('one', 'two');
    await version('three');
    await comes('one', 'two', 'three');
  });

  test('a change that nothing tells of is seen by looking', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'gatehouse-watch-'));
    try {
      await writeFile(join(elsewhere, 'real.json'), text('one'));
      await symlink(join(elsewhere, 'real.json'), file);
      const { comes } = follow({ rescanMs: 100 });
      await comes('one');
      await writeFile(join(elsewhere, 'real.json'), text('two'));
      await comes('one', 'two');
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  test('a wrong file is told once, with what is wrong; then the right one', async () => {
    await writeFile(file, text('one'));
    const { comes, readings } = follow({ rescanMs: 50 });
    await comes('one');
    await writeFile(file, text('two').replace('"name"', '"nmae"'));
    await comes('one', 'CONFIG_UNKNOWN_KEY');
    expect(readings[1].error!.message).toMatch(/cameras\[0\]\.nmae.*"name"/);
    await unlink(file);
    await comes('one', 'CONFIG_UNKNOWN_KEY', 'CONFIG_NOT_FOUND');
    await writeFile(file, text('two'));
    await comes('one', 'CONFIG_UNKNOWN_KEY', 'CONFIG_NOT_FOUND', 'two');
  });

  test('fifty rewrites in a row settle to the last one, and a half-written file between them is not told', async () => {
    await writeFile(file, text('one'));
    // A busy disk may take long from the half of a file to the whole of it.
    const { comes, names } = follow({ settleMs: 1_000, rescanMs: 10 });
    await comes('one');
    for (let index = 1; index <= 50; index += 1) {
      await writeFile(file, text(`edit ${index}`).slice(0, 40));
      await writeFile(file, text(`edit ${index}`));
    }
    await expect.poll(() => names().at(-1), { timeout: 10_000 }).toBe('edit 50');
    expect(names().filter((name) => name.startsWith('CONFIG'))).toEqual([]);
  });

  test('asked again, the same file is told again', async () => {
    await writeFile(file, text('one'));
    const again = new Subject<void>();
    const { comes } = follow({ again });
    await comes('one');
    again.next();
    await comes('one', 'one');
  });
});

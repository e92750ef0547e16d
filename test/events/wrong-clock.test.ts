import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../server/base/log.js';
import { STEADY_MS } from '../../server/base/steady-clock.js';
import { openJournal, type Journal } from '../../server/events/journal.js';
import { fakeClock, type FakeClock } from '../fixtures/fake-clock.js';
import { all, draft, range, seqs } from './event-drafts.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEARS = 5 * 365 * DAY;

let folder: string;
let clock: FakeClock;
let journal: Journal | null = null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-journal-'));
  clock = fakeClock();
});
afterEach(async () => {
  await journal?.close();
  await rm(folder, { recursive: true, force: true });
});

async function reopen(): Promise<Journal> {
  await journal?.close();
  journal = await openJournal({
    ...{ folder, clock, log: silentLog, maxBytes: 1 << 30, maxAgeMs: 30 * DAY, segmentBytes: 500 },
  });
  return journal;
}

async function write(from: number, to: number): Promise<void> {
  for (const n of range(from, to)) await journal!.append([draft(n)]);
}

/** Gives the segments the times of a disk whose clock is the fake one. */
async function stamp(): Promise<void> {
  for (const name of await readdir(folder))
    if (name.endsWith('.jsonl')) await utimes(join(folder, name), clock.wall() / 1000, clock.wall() / 1000);
}

describe('a wall clock that leaps', () => {
  it('years ahead deletes nothing, however the hourly look falls', async () => {
    await reopen();
    await write(1, 20);
    const right = clock.wall();
    clock.setWall(right + YEARS);
    clock.advance(2 * HOUR);
    await write(21, 40);
    expect(journal!.clockIsBelieved).toBe(false);
    clock.setWall(right + 2 * HOUR);
    clock.advance(HOUR);
    await write(41, 60);
    expect(seqs(await all(journal!.since(0)))).toEqual(range(1, 60));
  });

  it('years ahead deletes nothing where the server is started meanwhile, nor once it is right again', async () => {
    await reopen();
    await write(1, 20);
    await stamp();
    const right = clock.wall();
    clock.setWall(right + YEARS);
    await reopen();
    await write(21, 40);
    await stamp();
    expect(journal!.clockIsBelieved).toBe(false);
    await reopen();
    expect(seqs(await all(journal!.since(0)))).toEqual(range(1, 40));
    clock.setWall(right);
    await reopen();
    // Of two writes in turn the second waits for what the start has to do on the disk.
    await write(41, 42);
    clock.advance(STEADY_MS + HOUR);
    await write(43, 60);
    expect(seqs(await all(journal!.since(0)))).toEqual(range(1, 60));
  });

  it('back to 1970 and on again deletes nothing, neither what was written meanwhile', async () => {
    await reopen();
    await write(1, 20);
    await stamp();
    const right = clock.wall();
    clock.setWall(0);
    await reopen();
    await write(21, 40);
    clock.setWall(right);
    clock.advance(STEADY_MS + 2 * HOUR);
    await write(41, 60);
    expect(journal!.clockIsBelieved).toBe(true);
    expect(seqs(await all(journal!.since(0)))).toEqual(range(1, 60));
  });
});

it('is believed again once it was steady for hours, and then what is old goes', async () => {
  await reopen();
  await write(1, 20);
  await journal!.close();
  await stamp();
  // Off for forty days.
  clock.setWall(clock.wall() + 40 * DAY);
  await reopen();
  await write(21, 22);
  expect(seqs(await all(journal!.since(0)))).toEqual(range(1, 22));
  clock.advance(STEADY_MS + HOUR);
  await write(23, 24);
  expect(seqs(await all(journal!.since(0)))[0]).toBeGreaterThan(18);
  // A short stop keeps the belief.
  clock.setWall(clock.wall() + DAY);
  await reopen();
  expect(journal!.clockIsBelieved).toBe(true);
});

it('goes by the time that passed for what was written in this run, whatever the wall says', async () => {
  await reopen();
  await write(1, 20);
  clock.setWall(clock.wall() - YEARS);
  clock.advance(31 * DAY);
  await write(21, 21);
  await journal!.append([draft(22)]);
  expect(journal!.oldest).toBeGreaterThan(20);
});

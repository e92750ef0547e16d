import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JournalOptions } from '../../server/events/journal.js';
import { openSegment, type OpenSegment } from '../../server/events/segment.js';
import { smallDisk, smallDiskIsPossible } from '../fixtures/small-disk.js';
import { all, draft, range, seqs } from './event-drafts.js';
import { fill, journalFolder } from './journal-folder.js';

const here = journalFolder();
const { open } = here;

/** A disk that fails as told, half-way through a write, as disks do. */
function failingDisk() {
  const disk = { error: null as Error | null, written: 0 };
  const check = () => {
    if (disk.error) throw disk.error;
  };
  const openOn: OpenSegment = async (path) => {
    check();
    const writer = await openSegment(path);
    return {
      ...writer,
      write: async (bytes, position) => {
        if (disk.error) await writer.write(bytes.subarray(0, Math.ceil(bytes.length * 0.7)), position);
        check();
        await writer.write(bytes, position);
      },
    };
  };
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  const broken = Object.assign(new Error('input/output'), { code: 'EIO' });
  return { disk, open: openOn, full, broken };
}

describe('while the disk fails', () => {
  it('hands events on, keeps them, and writes them when it is back', async () => {
    const { disk, open: openOn, full } = failingDisk();
    const journal = await open({ openSegment: openOn });
    await fill(journal, 1, 5);
    disk.error = full;
    const handed = await journal.append(range(6, 9).map((n) => draft(n)));
    expect(seqs(handed)).toEqual(range(6, 9));
    await fill(journal, 10, 12);
    expect(journal.failing).toMatchObject({
      code: 'DISK_FULL',
      waiting: 7,
      reason: expect.stringContaining('full') as string,
    });
    expect(journal.last).toBe(12);
    expect(seqs(await all(journal.since(3)))).toEqual(range(4, 12));

    disk.error = null;
    here.clock.advance(1_000);
    await journal.append([draft(13)]);
    expect(journal.failing).toBeNull();
    expect(journal.lost).toBe(0);
    await journal.close();
    const again = await open();
    expect(seqs(await all(again.since(0)))).toEqual(range(1, 13));
    expect(again.damage).toBeNull();
  });

  it('says what else is wrong, and tries again and again', async () => {
    const { disk, open: openOn, broken } = failingDisk();
    const journal = await open({ openSegment: openOn });
    disk.error = broken;
    await fill(journal, 1, 2);
    expect(journal.failing).toMatchObject({
      code: 'JOURNAL_FAILED',
      reason: expect.stringContaining('EIO') as string,
    });
    for (let n = 3; n < 6; n += 1) {
      here.clock.advance(1_000);
      await journal.append([draft(n)]);
    }
    expect(journal.failing).toMatchObject({ waiting: 5 });
    disk.error = null;
    here.clock.advance(1_000);
    await journal.append([draft(6)]);
    expect(seqs(await all(journal.since(0)))).toEqual(range(1, 6));
  });

  it('keeps a bounded number, counts what is lost, and never gives a sequence twice', async () => {
    const { disk, open: openOn, full } = failingDisk();
    const journal = await open({ openSegment: openOn, maxWaiting: 100 });
    await fill(journal, 1, 5);
    disk.error = full;
    await fill(journal, 6, 200);
    expect(journal.failing).toMatchObject({ waiting: 100 });
    expect(journal.lost).toBe(95);
    expect(seqs(await all(journal.since(0)))).toEqual([...range(1, 5), ...range(101, 200)]);
    await journal.close();
    expect(journal.lost).toBe(195);

    disk.error = null;
    const again = await open();
    expect(seqs(await again.append([draft(1)]))).toEqual([201]);
    expect(seqs(await all(again.since(0))).at(-1)).toBe(201);
  });

  it('starts on a full disk, too', async () => {
    const { disk, open: openOn, full } = failingDisk();
    disk.error = full;
    const journal = await open({ openSegment: openOn });
    expect(seqs(await journal.append([draft(1)]))).toEqual([1]);
    expect(journal.failing).toMatchObject({ code: 'DISK_FULL', waiting: 1 });
    disk.error = null;
    await journal.close();
    expect(seqs(await all((await open()).since(0)))).toEqual([1]);
  });
});

/** A disk whose writes can be held up. */
function slowDisk() {
  const disk = { answers: Promise.resolve() as Promise<unknown>, writes: 0, fails: false };
  const openOn: OpenSegment = async (path) => {
    const writer = await openSegment(path);
    return {
      ...writer,
      write: async (bytes, position) => {
        disk.writes += 1;
        await disk.answers;
        if (disk.fails) throw Object.assign(new Error('input/output'), { code: 'EIO' });
        await writer.write(bytes, position);
      },
    };
  };
  /** Holds up what is written until it is answered. */
  const hold = (): (() => void) => {
    let answer!: () => void;
    disk.answers = new Promise<void>((resolve) => (answer = resolve));
    return answer;
  };
  return { disk, open: openOn, hold };
}

describe('while the disk does not answer', () => {
  /** A journal with five events, and a sixth that the disk does not answer to. */
  const heldUp = async (options: Partial<JournalOptions> = {}) => {
    const { disk, open: openOn, hold } = slowDisk();
    const journal = await open({ openSegment: openOn, ...options });
    await fill(journal, 1, 5);
    const answer = hold();
    const first = journal.append([draft(6)]);
    await expect.poll(() => disk.writes).toBe(2);
    return { disk, journal, first, answer };
  };

  it.each([
    ['writes in the end', false],
    ['fails in the end', true],
  ])('waits for it for 2 s only, keeps what comes, and writes all of it: %s', async (_, fails) => {
    const { disk, journal, first, answer } = await heldUp();
    here.clock.advance(1_900);
    expect(journal.last).toBe(5);
    here.clock.advance(200);
    expect(seqs(await first)).toEqual([6]);
    // From now on nobody waits, and nothing more is put on the disk's shoulders.
    for (const n of range(7, 20)) expect(seqs(await journal.append([draft(n)]))).toEqual([n]);
    expect(disk.writes).toBe(2);
    expect(journal.failing).toMatchObject({
      code: 'JOURNAL_FAILED',
      waiting: 15,
      reason: expect.stringContaining('does not answer') as string,
    });
    expect(seqs(await all(journal.since(3)))).toEqual(range(4, 20));

    disk.fails = fails;
    answer();
    if (fails) await expect.poll(() => journal.failing?.reason).toContain('EIO');
    disk.fails = false;
    here.clock.advance(1_000);
    await expect.poll(() => journal.failing).toBeNull();
    expect(journal.lost).toBe(0);
    await journal.close();
    expect(seqs(await all((await open()).since(0)))).toEqual(range(1, 20));
  });

  it('keeps a bounded number and counts what is lost, also at its end', async () => {
    const { journal, first, answer } = await heldUp({ maxWaiting: 100 });
    here.clock.advance(2_100);
    await first;
    await fill(journal, 7, 206);
    expect(journal.failing).toMatchObject({ waiting: 101 });
    expect(journal.lost).toBe(100);
    const closing = journal.close();
    await new Promise(setImmediate);
    here.clock.advance(2_100);
    await closing;
    expect(journal.lost).toBe(201);
    answer();
  });

  it('hands a reader what is taken from memory to the disk while the reader is at it', async () => {
    const { disk, open: openOn, hold } = slowDisk();
    const journal = await open({ openSegment: openOn });
    // Enough to read for the write to come to its end meanwhile.
    await journal.append(range(1, 20_000).map((n) => draft(n)));
    for (const next of range(20_001, 20_005)) {
      const before = disk.writes;
      const answer = hold();
      const handedOn = journal.append([draft(next)]);
      await expect.poll(() => disk.writes).toBe(before + 1);
      here.clock.advance(2_100);
      await handedOn;
      const reading = all(journal.since(next - 1));
      answer();
      expect(seqs(await reading)).toEqual([next]);
      here.clock.advance(1_000);
      await expect.poll(() => journal.failing).toBeNull();
    }
  });
});

describe.skipIf(!smallDiskIsPossible())('on a disk that is really full (needs root on Linux)', () => {
  it('goes on, and loses nothing once there is room', async () => {
    await using disk = await smallDisk(128 * 1024);
    const ballast = join(disk.folder, 'ballast');
    await writeFile(ballast, Buffer.alloc(64 * 1024));
    const journal = await open({ folder: join(disk.folder, 'journal') });
    for (let from = 1; from <= 600; from += 10) await fill(journal, from, from + 9);
    expect(journal.failing).toMatchObject({ code: 'DISK_FULL' });
    expect(journal.failing!.waiting).toBeGreaterThan(100);
    expect(seqs(await all(journal.since(0)))).toEqual(range(1, 600));

    // A kill now: what is on the disk is sound, and no sequence that was handed on comes again.
    const killed = await open({ folder: join(disk.folder, 'journal') });
    expect(killed.last).toBe(600);
    expect(killed.damage).toBeNull();
    await killed.close();

    await rm(ballast);
    here.clock.advance(1_000);
    await journal.append([draft(601)]);
    expect([journal.failing, journal.lost]).toEqual([null, 0]);
    await journal.close();
    const again = await open({ folder: join(disk.folder, 'journal') });
    expect(seqs(await all(again.since(0)))).toEqual(range(1, 601));
    await again.close();
  });
});

import { appendFile, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../server/base/log.js';
import { openJournal, type Journal, type JournalOptions } from '../../server/events/journal.js';
import { openSegment, type OpenSegment } from '../../server/events/segment.js';
import { fakeClock, type FakeClock } from '../fixtures/fake-clock.js';
import { smallDisk, smallDiskIsPossible } from '../fixtures/small-disk.js';
import { all, draft, range, seqs } from './event-drafts.js';

const DAY = 24 * 3_600_000;

let folder: string;
let clock: FakeClock;
const journals: Journal[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-journal-'));
  clock = fakeClock();
});
afterEach(async () => {
  await Promise.all(journals.splice(0).map((journal) => journal.close()));
  await rm(folder, { recursive: true, force: true });
});

async function open(options: Partial<JournalOptions> = {}): Promise<Journal> {
  const journal = await openJournal({
    ...{ folder, clock, log: silentLog, maxBytes: 1 << 30, maxAgeMs: Infinity },
    ...options,
  });
  journals.push(journal);
  return journal;
}

/** Appends so many events, one call each, all at once. */
async function fill(journal: Journal, from: number, to: number): Promise<void> {
  await Promise.all(range(from, to).map((n) => journal.append([draft(n)])));
}

const segments = async () => (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort();
const lastSegment = async () => join(folder, (await segments()).at(-1)!);

describe('the journal', () => {
  it('is empty at first', async () => {
    const journal = await open();
    expect([journal.oldest, journal.last, journal.failing, journal.damage]).toEqual([1, 0, null, null]);
    expect(await all(journal.since(0))).toEqual([]);
  });

  it('gives every event its place, in the order of the calls', async () => {
    const journal = await open();
    const order: number[] = [];
    const appended = await Promise.all(
      [[1, 2], [3], [], [4, 5, 6]].map(async (ns) => {
        const events = await journal.append(ns.map((n) => draft(n)));
        order.push(...seqs(events));
        return events;
      }),
    );
    expect(order).toEqual(range(1, 6));
    const events = appended.flat();
    expect(events.map(({ camera }) => camera)).toEqual(range(1, 6).map((n) => `camera-${n}`));
    expect(new Set(events.map(({ id }) => id)).size).toBe(6);
    expect([journal.oldest, journal.last]).toEqual([1, 6]);
    expect(await all(journal.since(0))).toEqual(events);
    expect(await all(journal.since(4))).toEqual(events.slice(4));
    expect(await all(journal.since(6))).toEqual([]);
    expect(await all(journal.since(99))).toEqual([]);
  });

  it('resolves only once the events are on disk', async () => {
    const journal = await open();
    const [event] = await journal.append([draft(1, 'Unicode: þórður 愛\nand a new line')]);
    expect(JSON.parse(await readFile(await lastSegment(), 'utf8'))).toEqual(event);
  });

  it('writes what comes at once with one flush', async () => {
    let writes = 0;
    const counting: OpenSegment = async (path) => {
      const writer = await openSegment(path);
      return { ...writer, write: (bytes, position) => ((writes += 1), writer.write(bytes, position)) };
    };
    const journal = await open({ openSegment: counting });
    await fill(journal, 1, 500);
    expect(writes).toBeLessThan(5);
  });

  it('tells its size and how long each write took', async () => {
    const journal = await open({
      segmentBytes: 300,
      openSegment: async (path) => {
        const writer = await openSegment(path);
        return {
          ...writer,
          write: async (...args) => {
            clock.advance(7);
            await writer.write(...args);
          },
        };
      },
    });
    const writes: number[] = [];
    journal.writes.subscribe((ms) => writes.push(ms));
    for (const n of range(1, 4)) await journal.append([draft(n)]);
    expect(writes).toEqual([7, 7, 7, 7]);
    const sizes = await Promise.all(
      (await segments()).map(async (name) => (await stat(join(folder, name))).size),
    );
    expect(sizes.length).toBeGreaterThan(1);
    expect([journal.segments, journal.bytes]).toEqual([
      sizes.length,
      sizes.reduce((sum, size) => sum + size),
    ]);
  });

  it('counts on after a restart', async () => {
    const first = await open();
    await fill(first, 1, 10);
    await first.close();
    const second = await open();
    expect(second.last).toBe(10);
    expect(seqs(await second.append([draft(11)]))).toEqual([11]);
    expect(seqs(await all(second.since(0)))).toEqual(range(1, 11));
  });

  it('takes nothing after it was closed, and writes what came before', async () => {
    const journal = await open();
    const before = journal.append([draft(1)]);
    await journal.close();
    expect(seqs(await before)).toEqual([1]);
    await expect(journal.append([draft(2)])).rejects.toMatchObject({ code: 'JOURNAL_FAILED' });
  });

  it('refuses a folder that cannot be', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(open({ folder: join(folder, 'file', 'journal') })).rejects.toMatchObject({
      code: 'DATA_NOT_WRITABLE',
    });
  });

  it('reads a long journal in pieces, over all segments', async () => {
    const journal = await open({ segmentBytes: 10_000 });
    for (let from = 1; from <= 5_000; from += 50) await fill(journal, from, from + 49);
    expect((await segments()).length).toBeGreaterThan(20);
    expect(seqs(await all(journal.since(0)))).toEqual(range(1, 5_000));
    expect(seqs(await all(journal.since(4_321)))).toEqual(range(4_322, 5_000));
    const some: number[] = [];
    for await (const { seq } of journal.since(2_000)) if (some.push(seq) === 3) break;
    expect(some).toEqual([2_001, 2_002, 2_003]);
  });

  it('reads up to the newest at the time, while more is written', async () => {
    const journal = await open();
    await fill(journal, 1, 100);
    const reading = all(journal.since(0));
    await fill(journal, 101, 300);
    const read = seqs(await reading);
    expect(read).toEqual(range(1, read.length));
    expect(read.length).toBeGreaterThanOrEqual(100);
  });
});

describe('after a kill', () => {
  it.each([1, 20, 100])(
    'cuts off an event that was not written to its end (%i bytes of it)',
    async (bytes) => {
      const first = await open();
      await fill(first, 1, 3);
      await first.close();
      const whole = await readFile(await lastSegment(), 'utf8');
      await appendFile(
        await lastSegment(),
        whole.split('\n')[2].replace('"seq":3', '"seq":4').slice(0, bytes),
      );
      const journal = await open();
      expect(await readFile(await lastSegment(), 'utf8')).toBe(whole);
      expect(seqs(await journal.append([draft(4)]))).toEqual([4]);
      expect(seqs(await all(journal.since(0)))).toEqual(range(1, 4));
      expect(journal.damage).toBeNull();
    },
  );

  it('goes on in a segment that was only just begun', async () => {
    await writeFile(join(folder, 'events-0000000000000042.jsonl'), '');
    const journal = await open();
    expect([journal.oldest, journal.last]).toEqual([42, 41]);
    expect(seqs(await journal.append([draft(1)]))).toEqual([42]);
  });

  it('cuts off nothing but zeros, as a power cut leaves them', async () => {
    const first = await open();
    await fill(first, 1, 3);
    await first.close();
    await appendFile(await lastSegment(), Buffer.alloc(4096));
    const journal = await open();
    expect(journal.last).toBe(3);
    expect(seqs(await all(journal.since(0)))).toEqual([1, 2, 3]);
  });
});

describe('damage', () => {
  it('in the middle costs the lines concerned and is reported', async () => {
    const first = await open();
    await fill(first, 1, 9);
    await first.close();
    const lines = (await readFile(await lastSegment(), 'utf8')).split('\n');
    lines[3] = lines[3].slice(0, 30) + '\0\0\0' + lines[3].slice(33);
    lines[4] = 'gone';
    await writeFile(await lastSegment(), lines.join('\n'));
    const journal = await open();
    expect(journal.damage).toContain('2 lines');
    expect(seqs(await journal.append([draft(10)]))).toEqual([10]);
    expect(seqs(await all(journal.since(0)))).toEqual([1, 2, 3, 6, 7, 8, 9, 10]);
    expect(journal.damage).toContain('2 lines');
  });

  it('in an older segment is found when it is read', async () => {
    const journal = await open({ segmentBytes: 500 });
    for (const n of range(1, 20)) await journal.append([draft(n)]);
    const [oldest] = await segments();
    const lines = (await readFile(join(folder, oldest), 'utf8')).split('\n');
    await writeFile(join(folder, oldest), ['{}', ...lines.slice(1)].join('\n'));
    expect(seqs(await all(journal.since(0)))).toEqual(range(2, 20));
    expect(seqs(await all(journal.since(0)))).toEqual(range(2, 20));
    expect(journal.damage).toContain('1 line ');
  });

  it('at the end leaves the sequences that may have been there unused', async () => {
    const first = await open();
    await fill(first, 1, 9);
    await first.close();
    await rm(join(folder, 'sequence'));
    const lines = (await readFile(await lastSegment(), 'utf8')).split('\n');
    await writeFile(
      await lastSegment(),
      [...lines.slice(0, 5), ...lines.slice(5).map((line) => line.replace('{', '#'))].join('\n'),
    );
    const journal = await open();
    const [{ seq }] = await journal.append([draft(1)]);
    expect(seq).toBeGreaterThan(9);
    expect(journal.damage).toContain('4 lines');
  });
});

describe('retention', () => {
  it('keeps the newest within the space, and says what the oldest is', async () => {
    const journal = await open({ maxBytes: 20_000, segmentBytes: 2_000 });
    for (const n of range(1, 400)) await journal.append([draft(n)]);
    // Deleting follows the write that made it necessary; the next one comes after it.
    await journal.append([draft(401)]);
    const sizes = await Promise.all(
      (await segments()).map(async (name) => (await readFile(join(folder, name))).length),
    );
    expect(sizes.reduce((a, b) => a + b)).toBeLessThan(22_500);
    expect(journal.oldest).toBeGreaterThan(200);
    expect(seqs(await all(journal.since(0)))).toEqual(range(journal.oldest, 401));
  });

  it('lets everything go that is too old, and counts on all the same, after a restart too', async () => {
    const journal = await open({ maxAgeMs: 30 * DAY });
    await fill(journal, 1, 20);
    clock.advance(29 * DAY);
    await journal.append([draft(21)]);
    expect(journal.oldest).toBe(1);
    clock.advance(1.1 * DAY);
    await journal.append([draft(22)]);
    expect(journal.oldest).toBe(21);
    clock.advance(40 * DAY);
    await journal.close();
    expect([journal.oldest, journal.last]).toEqual([23, 22]);
    expect(await segments()).toEqual(['events-0000000000000023.jsonl']);
    await rm(await lastSegment());
    const again = await open({ maxAgeMs: 30 * DAY });
    expect([again.oldest, again.last]).toEqual([23, 22]);
    expect(seqs(await again.append([draft(23)]))).toEqual([23]);
  });

  it('lets go at start what became too old while nothing ran', async () => {
    const first = await open({ segmentBytes: 500 });
    for (const n of range(1, 10)) await first.append([draft(n)]);
    await first.close();
    const longAgo = clock.wall() / 1000 - 40 * 24 * 3600;
    for (const name of await segments()) await utimes(join(folder, name), longAgo, longAgo);
    const journal = await open({ maxAgeMs: 30 * DAY });
    expect(seqs(await journal.append([draft(11)]))).toEqual([11]);
    expect(seqs(await all(journal.since(0)))).toEqual([11]);
  });
});

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
    clock.advance(1_000);
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
      clock.advance(1_000);
      await journal.append([draft(n)]);
    }
    expect(journal.failing).toMatchObject({ waiting: 5 });
    disk.error = null;
    clock.advance(1_000);
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
  return { disk, open: openOn };
}

describe('while the disk does not answer', () => {
  const held = () => {
    let answer!: () => void;
    return { answers: new Promise<void>((resolve) => (answer = resolve)), answer: () => answer() };
  };

  it.each([
    ['writes in the end', false],
    ['fails in the end', true],
  ])('waits for it for 2 s only, keeps what comes, and writes all of it: %s', async (_, fails) => {
    const { disk, open: openOn } = slowDisk();
    const journal = await open({ openSegment: openOn });
    await fill(journal, 1, 5);
    const { answers, answer } = held();
    disk.answers = answers;
    const first = journal.append([draft(6)]);
    await expect.poll(() => disk.writes).toBe(2);
    clock.advance(1_900);
    expect(journal.last).toBe(5);
    clock.advance(200);
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
    clock.advance(1_000);
    await expect.poll(() => journal.failing).toBeNull();
    expect(journal.lost).toBe(0);
    await journal.close();
    expect(seqs(await all((await open()).since(0)))).toEqual(range(1, 20));
  });

  it('keeps a bounded number and counts what is lost, also at its end', async () => {
    const { disk, open: openOn } = slowDisk();
    const journal = await open({ openSegment: openOn, maxWaiting: 100 });
    await fill(journal, 1, 5);
    const { answers, answer } = held();
    disk.answers = answers;
    const first = journal.append([draft(6)]);
    await expect.poll(() => disk.writes).toBe(2);
    clock.advance(2_100);
    await first;
    await fill(journal, 7, 206);
    expect(journal.failing).toMatchObject({ waiting: 101 });
    expect(journal.lost).toBe(100);
    const closing = journal.close();
    await new Promise(setImmediate);
    clock.advance(2_100);
    await closing;
    expect(journal.lost).toBe(201);
    answer();
  });
});

describe('when the wall clock is set', () => {
  it('counts on, keeps what there is and reads it in order', async () => {
    const journal = await open({ maxAgeMs: 30 * DAY, segmentBytes: 2_000 });
    const start = clock.wall();
    await fill(journal, 1, 20);
    clock.setWall(start - 3_600_000);
    await fill(journal, 21, 40);
    clock.setWall(start + DAY);
    clock.advance(3_600_000);
    await fill(journal, 41, 60);
    clock.setWall(start);
    await fill(journal, 61, 80);
    expect(seqs(await all(journal.since(0)))).toEqual(range(1, 80));
    await journal.close();
    const again = await open();
    expect(seqs(await again.append([draft(81)]))).toEqual([81]);
    expect(seqs(await all(again.since(0)))).toEqual(range(1, 81));
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
    clock.advance(1_000);
    await journal.append([draft(601)]);
    expect([journal.failing, journal.lost]).toEqual([null, 0]);
    await journal.close();
    const again = await open({ folder: join(disk.folder, 'journal') });
    expect(seqs(await all(again.since(0)))).toEqual(range(1, 601));
    await again.close();
  });
});

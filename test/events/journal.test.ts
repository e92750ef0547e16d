import { appendFile, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSegment, type OpenSegment } from '../../server/events/segment.js';
import { all, draft, range, seqs } from './event-drafts.js';
import { fill, journalFolder } from './journal-folder.js';

const DAY = 24 * 3_600_000;

const here = journalFolder();
const { open, segments } = here;
const lastSegment = async () => join(here.folder, (await segments()).at(-1)!);

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
            here.clock.advance(7);
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
      (await segments()).map(async (name) => (await stat(join(here.folder, name))).size),
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
    await writeFile(join(here.folder, 'file'), '');
    await expect(open({ folder: join(here.folder, 'file', 'journal') })).rejects.toMatchObject({
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
    await writeFile(join(here.folder, 'events-0000000000000042.jsonl'), '');
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
    const lines = (await readFile(join(here.folder, oldest), 'utf8')).split('\n');
    await writeFile(join(here.folder, oldest), ['{}', ...lines.slice(1)].join('\n'));
    expect(seqs(await all(journal.since(0)))).toEqual(range(2, 20));
    expect(seqs(await all(journal.since(0)))).toEqual(range(2, 20));
    expect(journal.damage).toContain('1 line ');
  });

  it('at the end leaves the sequences that may have been there unused', async () => {
    const first = await open();
    await fill(first, 1, 9);
    await first.close();
    await rm(join(here.folder, 'sequence'));
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
      (await segments()).map(async (name) => (await readFile(join(here.folder, name))).length),
    );
    expect(sizes.reduce((a, b) => a + b)).toBeLessThan(22_500);
    expect(journal.oldest).toBeGreaterThan(200);
    expect(seqs(await all(journal.since(0)))).toEqual(range(journal.oldest, 401));
  });

  it('lets everything go that is too old, and counts on all the same, after a restart too', async () => {
    const journal = await open({ maxAgeMs: 30 * DAY });
    await fill(journal, 1, 20);
    here.clock.advance(29 * DAY);
    await journal.append([draft(21)]);
    expect(journal.oldest).toBe(1);
    here.clock.advance(1.1 * DAY);
    await journal.append([draft(22)]);
    expect(journal.oldest).toBe(21);
    here.clock.advance(40 * DAY);
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
    const longAgo = here.clock.wall() / 1000 - 40 * 24 * 3600;
    for (const name of await segments()) await utimes(join(here.folder, name), longAgo, longAgo);
    const journal = await open({ maxAgeMs: 30 * DAY });
    expect(seqs(await journal.append([draft(11)]))).toEqual([11]);
    expect(seqs(await all(journal.since(0)))).toEqual([11]);
  });
});

describe('when the wall clock is set', () => {
  it('counts on, keeps what there is and reads it in order', async () => {
    const journal = await open({ maxAgeMs: 30 * DAY, segmentBytes: 2_000 });
    const start = here.clock.wall();
    await fill(journal, 1, 20);
    here.clock.setWall(start - 3_600_000);
    await fill(journal, 21, 40);
    here.clock.setWall(start + DAY);
    here.clock.advance(3_600_000);
    await fill(journal, 41, 60);
    here.clock.setWall(start);
    await fill(journal, 61, 80);
    expect(seqs(await all(journal.since(0)))).toEqual(range(1, 80));
    await journal.close();
    const again = await open();
    expect(seqs(await again.append([draft(81)]))).toEqual([81]);
    expect(seqs(await all(again.since(0)))).toEqual(range(1, 81));
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { silentLog } from '../../server/base/log.js';
import { openJournal } from '../../server/events/journal.js';
import { openSegment, type OpenSegment } from '../../server/events/segment.js';
import { fakeClock } from '../fixtures/fake-clock.js';
import { all, draft, range, seqs } from './event-drafts.js';

it('hands a reader what a disk that was late takes from memory while the reader is at it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-journal-'));
  const clock = fakeClock();
  const disk = { writes: 0, answers: Promise.resolve() };
  const lateSegment: OpenSegment = async (path) => {
    const writer = await openSegment(path);
    return {
      ...writer,
      async write(bytes, position) {
        disk.writes += 1;
        await disk.answers;
        await writer.write(bytes, position);
      },
    };
  };
  const limits = { maxBytes: 1 << 30, maxAgeMs: Infinity };
  const journal = await openJournal({ folder, clock, log: silentLog, ...limits, openSegment: lateSegment });
  try {
    // Enough to read for the write to come to its end meanwhile.
    await journal.append(range(1, 20_000).map((n) => draft(n)));
    let last = 20_000;
    for (let round = 0; round < 5; round += 1) {
      const before = disk.writes;
      let answer!: () => void;
      disk.answers = new Promise((resolve) => (answer = resolve));
      const handedOn = journal.append([draft(0)]);
      await expect.poll(() => disk.writes).toBe(before + 1);
      clock.advance(2_100);
      await handedOn;
      const reading = all(journal.since(last));
      answer();
      last += 1;
      expect(seqs(await reading)).toEqual([last]);
      clock.advance(1_000);
      await expect.poll(() => journal.failing).toBeNull();
    }
  } finally {
    await journal.close();
    await rm(folder, { recursive: true, force: true });
  }
});

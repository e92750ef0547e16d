import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../server/base/clock.js';
import { silentLog } from '../../server/base/log.js';
import { openJournal } from '../../server/events/journal.js';
import { bundled, killAtRandom } from '../fixtures/kill-at-random.js';
import { all, range, seqs } from './event-drafts.js';

const KILLS = 50;

it(
  `loses no acknowledged event in ${KILLS} kills, and starts cleanly after each`,
  { timeout: 300_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-kill-'));
    const script = await bundled('append-events.ts');
    const acknowledged = new Map<number, string>();
    let last = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const early = kill % 10 === 9;
      const words = await killAtRandom(script, folder, {
        afterMs: early ? 250 : 60,
        early,
        random: Math.random(),
      });
      expect(words.errors).toBe('');
      if (!words.opened) continue;
      expect(words.opened.state).toBe('sound');
      expect(words.opened.count).toBeGreaterThanOrEqual(last);
      for (const { number, id } of words.acknowledged) {
        expect(acknowledged.has(number)).toBe(false);
        acknowledged.set(number, id);
        last = Math.max(last, number);
      }
    }
    const journal = await openJournal({
      ...{ folder, maxBytes: 1 << 30, maxAgeMs: Infinity, clock: systemClock, log: silentLog },
    });
    const events = await all(journal.since(0));
    await journal.close();
    expect(acknowledged.size).toBeGreaterThan(KILLS);
    expect(seqs(events)).toEqual(range(1, journal.last));
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    for (const [seq, id] of acknowledged) expect(events[seq - 1].id).toBe(id);
    expect(journal.damage).toBeNull();
    await rm(folder, { recursive: true });
  },
);

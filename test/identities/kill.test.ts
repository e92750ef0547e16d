import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lowdbStore } from '../../server/identities/stores/lowdb.js';
import { enrolledPerson } from '../fixtures/enrolled-person.js';
import { bundled, killAtRandom } from '../fixtures/kill-at-random.js';

const KILLS = 50;

it(
  `loses no acknowledged person in ${KILLS} kills, and starts cleanly after each`,
  { timeout: 300_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gatehouse-kill-'));
    const script = await bundled('enrol-people.ts');
    let acknowledged = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const early = kill % 10 === 9;
      const words = await killAtRandom(script, folder, {
        afterMs: early ? 250 : 60,
        early,
        random: Math.random(),
      });
      expect(words.errors).toBe('');
      if (!words.opened) continue;
      expect(words.opened.count).toBeGreaterThanOrEqual(acknowledged);
      acknowledged = Math.max(acknowledged, words.acknowledged.at(-1)?.number ?? 0);
    }
    const people = await lowdbStore(folder).read();
    expect(acknowledged).toBeGreaterThan(KILLS);
    expect(people.length).toBeGreaterThanOrEqual(acknowledged);
    expect(people).toEqual(people.map((_, n) => enrolledPerson(`person-${n}`)));
    expect(await readdir(folder)).toEqual(['people.json']);
    await rm(folder, { recursive: true });
  },
);

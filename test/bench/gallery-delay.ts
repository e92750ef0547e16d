import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '../../server/base/log.js';
import { launchGallery } from '../../server/compose/gallery.js';
import type { Member } from '../../server/identities/gallery-index.js';
import { SwitchIndex } from '../../server/identities/gallery/switch-index.js';
import { drawPeople } from '../fixtures/drawn-embeddings.js';

// How long the main thread's event loop is held up while a gallery of SIZE people is filled, searched and changed:
//     npx tsx --import ./scripts/typescript-workers.mjs test/bench/gallery-delay.ts [SIZE]

const LENGTH = 128;
const size = Number(process.argv[2] ?? 100_000);
const people = drawPeople(LENGTH, 1);
const draw = (n: number): Member => ({ id: `p${n}`, name: '', embeddings: [people.person().photo()] });
const members = Array.from({ length: size }, (_, n) => draw(n));
const probes = Array.from({ length: 200 }, () => people.person().photo());
const index = new SwitchIndex({ length: LENGTH, mode: 'exact', launch: launchGallery, log: silentLog });

const rows: Record<string, string | number>[] = [];
await during('nothing', () => sleep(3_000));
await during(`filling with ${size}`, () => index.update({ put: members, remove: [] }));
await during('searching, 8 probes at a time', async () => {
  for (let round = 0; round < 100; round += 1) {
    const batch = new Float32Array(8 * LENGTH);
    for (let probe = 0; probe < 8; probe += 1)
      batch.set(probes[(round + probe) % probes.length], probe * LENGTH);
    await index.search(batch, 5);
  }
});
await during('changing 10 people at a time, and searching', async () => {
  for (let round = 0; round < 100; round += 1) {
    const put = Array.from({ length: 10 }, (_, n) => draw(round * 10 + n));
    await Promise.all([index.update({ put, remove: [] }), index.search(probes[round], 5)]);
  }
});
await index.close();
console.table(rows);

async function during(what: string, work: () => Promise<unknown>): Promise<void> {
  // A timer each millisecond: that much and a little more is told when nothing happens at all.
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  delay.disable();
  const ms = (nanoseconds: number) => Number((nanoseconds / 1e6).toFixed(2));
  rows.push({
    while: what,
    seconds: Number(seconds.toFixed(2)),
    p50: ms(delay.percentile(50)),
    p99: ms(delay.percentile(99)),
    max: ms(delay.max),
  });
}

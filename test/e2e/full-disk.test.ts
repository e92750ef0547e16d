import { execFileSync } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isDiskFull } from '../../server/base/errors.js';
import { demoClip } from '../fixtures/demo-clip.js';
import { knowEngines } from '../fixtures/measured-engines.js';
import { productFolder, startProduct, type Product } from '../fixtures/product.js';
import { smallDisk, smallDiskIsPossible } from '../fixtures/small-disk.js';

const BYTES = 64 << 20;

let place: Awaited<ReturnType<typeof productFolder>>;
beforeAll(async () => {
  if (!smallDiskIsPossible()) return;
  const path = await demoClip('entrance');
  place = await productFolder({
    cameras: [{ id: 'entrance', source: { kind: 'file', path }, greeting: { cooldownSeconds: 0 } }],

    visits: { graceSeconds: 1 },
  });
}, 120_000);
afterAll(() => smallDiskIsPossible() && place.remove());

/** Writes until not one byte more has room. */
async function fill(folder: string): Promise<string> {
  const path = join(folder, 'filler');
  await using file = await open(path, 'w');
  for (let size = 1 << 20; size >= 1;)
    await file.appendFile(Buffer.alloc(size)).catch((error: unknown) => {
      if (!isDiskFull(error)) throw error;
      size >>= 1;
    });
  return path;
}

async function counter(product: Product, name: string): Promise<number> {
  const text = await (await product.get('/metrics')).text();
  return [...text.matchAll(new RegExp(`^gatehouse_${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gmu'))]
    .map(([, value]) => Number(value))
    .reduce((sum, value) => sum + value, 0);
}

/** Frames that were looked at in so many seconds, per second. */
async function rate(product: Product, seconds: number): Promise<number> {
  const before = await counter(product, 'frames_looked_at_total');
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return ((await counter(product, 'frames_looked_at_total')) - before) / seconds;
}

async function residentMb({ child }: Product): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/u.exec(status)![1]) / 1024);
}

describe.skipIf(!smallDiskIsPossible())('the data folder on a small disk (needs root on Linux)', () => {
  test('filled to the brim while it runs: everything goes on, and is written once there is room', async () => {
    await using disk = await smallDisk(BYTES);
    const data = join(disk.folder, 'data');
    await knowEngines(data);
    const product = await startProduct({ ...place, data });
    try {
      const feed = await product.feed(0);
      await feed.until((message) => message.type === 'visit.unknown', 60_000);
      const before = await rate(product, 5);
      const memory = await residentMb(product);
      const filler = await fill(disk.folder);
      await expect
        .poll(async () => (await product.health()).losses.eventsWaiting, { timeout: 40_000 })
        .toBeGreaterThan(0);
      const during = await rate(product, 8);
      const grown = (await residentMb(product)) - memory;
      const health = await product.health();
      expect(health.status).toBe('degraded');
      expect(health.problems.join('\n')).toContain('not on record until it can be written');
      expect(product.output()).toContain('DISK_FULL');
      expect(health.losses.eventsLost).toBe(0);
      expect(await counter(product, 'journal_failing')).toBe(1);
      expect(await counter(product, 'journal_waiting_events')).toBeGreaterThan(0);
      console.log(
        `a full disk: ${during.toFixed(1)} frames a second instead of ${before.toFixed(1)}, ${health.losses.eventsWaiting} events wait, ${grown} MiB more memory`,
      );
      expect(during).toBeGreaterThan(before * 0.5);
      expect(grown).toBeLessThan(150);
      await rm(filler);
      await expect
        .poll(async () => (await product.health()).losses.eventsWaiting, { timeout: 20_000 })
        .toBe(0);
      const told = feed.events();
      await product.stop('SIGKILL');

      // What was told while nothing could be written survived the kill.
      const again = await startProduct({ ...place, data });
      try {
        const replay = await again.feed(0);
        await replay.until((message) => 'seq' in message && message.seq >= told.at(-1)!.seq);
        const kept = new Map(replay.events().map((event) => [event.seq, event]));
        for (const event of told) expect(kept.get(event.seq)).toEqual(event);
      } finally {
        await again.stop();
      }
    } finally {
      await product.stop('SIGKILL');
    }
  });

  test('read-only at start: it does not start, and says why', async () => {
    await using disk = await smallDisk(BYTES);
    execFileSync('mount', ['-o', 'remount,ro', disk.folder]);
    await expect(startProduct({ ...place, data: join(disk.folder, 'data') })).rejects.toThrow(
      /ended with 7\d[\s\S]*DATA_NOT_WRITABLE/u,
    );
  });
});

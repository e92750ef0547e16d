import { expect, test } from 'vitest';
import { soakProduct } from '../bench/soak-product/soak-product.js';

const SECONDS = 75;
const onLinux = process.platform === 'linux';

// A minute tells no leak of memory; it tells one of sockets, processes and threads, and every fault in what clients
// are told. `npm run soak` is the long one.
test.skipIf(!onLinux)(
  `${SECONDS} s of hurrying people, failing cameras and rude clients${onLinux ? '' : ' (reads /proc: Linux only)'}`,
  async () => {
    const cameras = 3;
    const { counts, samples, wrong, exitCode, stopMs } = await soakProduct({
      seconds: SECONDS,
      cameras,
      speed: 4,
      sampleSeconds: 2.5,
    });
    console.log(JSON.stringify(counts), `stopped in ${Math.round(stopMs)} ms`);
    expect(wrong).toEqual([]);
    expect(exitCode).toBe(0);
    expect(stopMs).toBeLessThan(4_000);

    // Enough has happened for the rest to mean something, also on a slow machine.
    expect(counts.faults).toBeGreaterThan(10);
    expect(counts.reconnects).toBeGreaterThan(5);
    expect(counts.visits).toBeGreaterThan(5);
    expect(counts.recognised).toBeGreaterThan(0);
    expect(counts.greetings).toBeGreaterThan(0);
    expect(counts.enrolments).toBeGreaterThan(4);
    expect(counts.removals).toBeGreaterThan(0);
    expect(counts.returns).toBeGreaterThan(5);
    expect(counts.cutOff).toBeGreaterThan(0);

    const later = samples.slice(Math.floor(samples.length / 2));
    const most = (read: (sample: (typeof samples)[number]) => number) => Math.max(...later.map(read));
    const least = (read: (sample: (typeof samples)[number]) => number) => Math.min(...later.map(read));
    // One ffmpeg a camera, one more where the last one is still going, and a voice or two.
    expect(most(({ children }) => children)).toBeLessThanOrEqual(2 * cameras + 2);
    expect(most(({ threads }) => threads) - least(({ threads }) => threads)).toBeLessThanOrEqual(6);
    // Some thirty clients are there at once; each fault or client that leaves one open would add a hundred.
    expect(most(({ files }) => files)).toBeLessThan(150);
    expect(most(({ rss }) => rss) - least(({ rss }) => rss)).toBeLessThan(200);
    expect(most(({ journal }) => journal)).toBeLessThan(1);
  },
  SECONDS * 1000 + 120_000,
);

import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commonOptions } from '../../../server/cameras/sources/plan.js';
import { findFfmpeg } from '../../../server/cameras/find-ffmpeg.js';
import { TICKS_A_SECOND } from '../../../server/cameras/video/write-matroska.js';
import { sayTime, ShownTimes } from '../../../server/cameras/attention/shown-times.js';

const bundled = await findFfmpeg({ env: {} });
const newer = await findFfmpeg({ env: { PATH: process.env['PATH'] } }).catch(() => bundled);

const line = (ticks: number) => `[info] ${ticks}.000000`;

describe('when a frame had arrived', () => {
  it('is told by the time that went in with its picture and came out with it', () => {
    const times = new ShownTimes(8);
    for (let n = 0; n < 10; n += 1) times.fed(n * 4000, 1000 + n * 40);
    times.line(line(0));
    times.line('[info] frame=    1 fps=0.0 q=-0.0 size=N/A time=00:00:00.04');
    times.line('[verbose] 4000.000000 tbn');
    times.line(line(12_000));
    expect([times.shown(), times.shown()]).toEqual([1000, 1120]);
  });

  it('is that of the next that is due where its frame comes before what is said of it', () => {
    const times = new ShownTimes(8);
    for (let n = 0; n < 3; n += 1) times.fed(n * 4000, 1000 + n * 40);
    expect(times.unshown).toBe(2);
    expect(times.shown()).toBe(1000);
    // The second is of the same span, and never shown: nobody may wait for it.
    expect(times.unshown).toBe(0);
    times.line('[Eval @ 0x7ffc6a7f3f10] [info] 0.000000');
    times.fed(12_000, 1120);
    expect(times.unshown).toBe(1);
    times.line(line(8000));
    expect(times.shown()).toBe(1080);
    times.fed(16_000, 1160);
    expect(times.unshown).toBe(0);
  });

  it('is put right where the next that was due was damaged', () => {
    const times = new ShownTimes(8);
    for (const n of [0, 2, 5]) times.fed(n * 4000, 1000 + n * 40);
    expect(times.shown()).toBe(1000);
    times.line(line(8000));
    times.fed(24_000, 1240, false);
    // Of the three it is the last that is still to come, and another was fed after it.
    expect(times.unshown).toBe(1);
    times.line(line(20_000));
    expect(times.shown()).toBe(1200);
  });

  it('is told of pictures that are shown in another order than they are decoded', () => {
    const times = new ShownTimes(25);
    for (const n of [0, 3, 1, 2]) times.fed(n * 4000, 1000 + n * 40);
    expect([times.shown(), times.shown(), times.shown(), times.shown()]).toEqual([1000, 1040, 1080, 1120]);
    expect(times.shown()).toBeNull();
  });

  it('is told, and nothing heaped up, where an ffmpeg says nothing at all', () => {
    const times = new ShownTimes(8);
    // The first picture at or after the middle between two frames is the first of a span.
    for (let n = 0; n < 100; n += 1) {
      times.fed(n * 4000, n * 40);
      if (n > 0 && Math.floor(n * 0.32 + 0.5) === Math.floor((n - 1) * 0.32 + 0.5)) continue;
      expect(times.shown()).toBe(n * 40);
    }
    expect(times.unshown).toBe(0);
  });

  it('does not lag behind for ever where more was said than came', () => {
    const times = new ShownTimes(8);
    for (let n = 0; n < 40; n += 1) {
      times.fed(n * 4000, n * 40);
      times.line(line(n * 4000));
      if (n < 20) continue;
      expect(times.shown()).toBeGreaterThanOrEqual((n - 4) * 40);
    }
  });

  it('is waited for of those only that are the first of their span', () => {
    const times = new ShownTimes(8);
    expect(times.unshown).toBe(0);
    for (let n = 0; n < 3; n += 1) times.fed(n * 4000, 1000 + n * 40);
    expect(times.unshown).toBe(2);
    times.line(line(0));
    times.shown();
    // 40 ms are of the span that was shown, 80 ms of the next.
    expect(times.unshown).toBe(0);
    times.fed(12_000, 1120);
    times.fed(16_000, 1160, false);
    expect(times.unshown).toBe(2);
    times.line(line(8000));
    times.shown();
    expect(times.unshown).toBe(0);
  });

  it.for([...new Map([bundled, newer].map((ffmpeg) => [ffmpeg.path, ffmpeg])).values()])(
    'is said by a real ffmpeg ($version) of what it chooses, and of nothing else',
    ({ path }) => {
      const input = ['-f', 'lavfi', '-i', 'testsrc=size=64x36:rate=25:duration=1'];
      const filter = `settb=1/${TICKS_A_SECOND},select=${sayTime('eq(mod(n\\,10)\\,3)')}`;
      const { stderr } = spawnSync(path, [...commonOptions, ...input, '-vf', filter, '-f', 'null', '-'], {
        encoding: 'utf8',
      });
      const times = new ShownTimes(25);
      for (let n = 0; n < 25; n += 1) times.fed((n * TICKS_A_SECOND) / 25, n);
      for (const text of stderr.split(/[\r\n]+/)) times.line(text);
      // Without a word the next that is due would be told: 0, 1.
      expect([times.shown(), times.shown()]).toEqual([3, 13]);
    },
  );
});

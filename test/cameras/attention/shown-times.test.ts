import { describe, expect, it } from 'vitest';
import { ShownTimes } from '../../../server/cameras/attention/shown-times.js';

const line = (ticks: number) =>
  `[Parsed_metadata_2 @ 0x55eb5c8aef80] [info] frame:0    pts:${ticks}   pts_time:1`;

describe('when a frame had arrived', () => {
  it('is told by the time that went in with its picture and came out with it', () => {
    const times = new ShownTimes(8);
    for (let n = 0; n < 10; n += 1) times.fed(n * 4000, 1000 + n * 40);
    times.line(line(0));
    times.line('[Parsed_metadata_2 @ 0x55eb5c8aef80] [info] shown=1');
    times.line(line(12_000));
    expect([times.shown(), times.shown()]).toEqual([1000, 1120]);
  });

  it('is not known of one of which nothing was said, and of the next it is', () => {
    const times = new ShownTimes(8);
    times.fed(0, 1000);
    times.fed(4000, 1040);
    expect(times.shown()).toBeNull();
    expect(times.dueSince).toBeNull();
    times.fed(8000, 1080);
    times.line('[Parsed_showinfo_1 @ 0x37b61e80] [info] n:   1 pts:   8000 pts_time:0.08    pos:       -1');
    expect(times.shown()).toBe(1080);
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
    expect(times.dueSince).toBeNull();
    for (let n = 0; n < 3; n += 1) times.fed(n * 4000, 1000 + n * 40);
    expect(times.dueSince).toBe(1000);
    times.line(line(0));
    times.shown();
    // 40 ms are of the span that was shown, 80 ms of the next.
    expect(times.dueSince).toBe(1080);
    times.line(line(8000));
    times.shown();
    times.fed(12_000, 1120);
    expect(times.dueSince).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { ShownTimes } from '../../../server/cameras/attention/shown-times.js';

const line = (ticks: number) =>
  `[Parsed_metadata_2 @ 0x55eb5c8aef80] [info] frame:0    pts:${ticks}   pts_time:1`;

describe('when a frame had arrived', () => {
  it('is told by the time that went in with its picture and came out with it', () => {
    const times = new ShownTimes();
    for (let n = 0; n < 10; n += 1) times.fed(n * 4000, 1000 + n * 40);
    times.line(line(0));
    times.line('[Parsed_metadata_2 @ 0x55eb5c8aef80] [info] shown=1');
    times.line(line(12_000));
    expect([times.shown(), times.shown()]).toEqual([1000, 1120]);
  });

  it('is not known of one of which nothing was said, and of the next it is', () => {
    const times = new ShownTimes();
    times.fed(0, 1000);
    times.fed(4000, 1040);
    expect(times.shown()).toBeNull();
    times.line(line(4000));
    expect(times.shown()).toBe(1040);
  });

  it('does not lag behind for ever where more was said than came', () => {
    const times = new ShownTimes();
    for (let n = 0; n < 40; n += 1) {
      times.fed(n * 4000, n * 40);
      times.line(line(n * 4000));
      if (n < 20) continue;
      expect(times.shown()).toBeGreaterThanOrEqual((n - 4) * 40);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { FramePatience } from '../../server/cameras/sources/frame-patience.js';

/** Feeds frames with the given gaps, ms; fails where a gap would have been taken for a stall. */
function feed(patience: FramePatience, gaps: number[], from = 0): number {
  let now = from;
  patience.arrived(now);
  for (const gap of gaps) {
    now += gap;
    if (now >= patience.runsOutAt!) throw new Error(`a gap of ${gap} ms was taken for a stall`);
    patience.arrived(now);
  }
  return now;
}

const times = (count: number, gaps: number[]) => Array.from({ length: count }, () => gaps).flat();

describe('how long a silence is not yet a stall', () => {
  it('is 1.5 s beyond the interval once the rhythm is known', () => {
    const patience = new FramePatience(5);
    feed(patience, times(20, [200]));
    expect(patience.limitMs).toBe(1700);
  });

  it('is longer before the rhythm is known, yet below 5 s', () => {
    const patience = new FramePatience(5);
    expect(patience.runsOutAt).toBeNull();
    patience.arrived(0);
    expect(patience.runsOutAt).toBe(4000);
  });

  it('learns one frame a second, delivered in bursts of five', () => {
    const patience = new FramePatience(5);
    feed(patience, times(10, [1000, 0, 0, 0, 0]));
    expect(patience.limitMs).toBe(2500);
  });

  it('learns a frame every three seconds', () => {
    const patience = new FramePatience(5);
    feed(patience, times(5, [3000]));
    expect(patience.limitMs).toBe(4500);
  });

  it('forgets a hiccup', () => {
    const patience = new FramePatience(5);
    feed(patience, [...times(10, [200]), 1500, ...times(20, [200])]);
    expect(patience.limitMs).toBe(1700);
  });

  it('expects no more than was asked for', () => {
    const patience = new FramePatience(0.2);
    feed(patience, times(3, [5000]));
    expect(patience.limitMs).toBe(6500);
  });

  it('waits longer where it was told to', () => {
    const patience = new FramePatience(5, 3000);
    patience.arrived(0);
    expect(patience.limitMs).toBe(7000);
    feed(patience, times(2, [6000]));
    expect(patience.learned).toBe(true);
  });
});

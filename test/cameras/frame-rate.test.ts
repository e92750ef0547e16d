import { describe, expect, it } from 'vitest';
import { FrameRate } from '../../server/cameras/frame-rate.js';

describe('the frame rate', () => {
  const after = (times: readonly number[], now: number) => {
    const rate = new FrameRate();
    for (const time of times) rate.arrived(time);
    return rate.at(now);
  };

  it('is that of the last seconds', () => {
    const times = Array.from({ length: 100 }, (_, i) => i * 40);
    expect(after(times, 3960)).toBe(25);
    expect(
      after(
        [...times, 4200, 4400, 4600, 4800, 5000, 5200, 5400, 5600, 5800, 6000, 6200, 6400, 6600, 6800, 7000],
        7000,
      ),
    ).toBe(5);
  });

  it('is known also of a quiet camera, whose key pictures are seconds apart', () => {
    expect(after([0, 4000, 8000], 8000)).toBe(0.3);
    expect(after([0, 4000, 8000], 11_000)).toBe(0.3);
  });

  it('sinks while nothing comes', () => {
    expect(after([0, 40, 80, 120], 10_000)).toBeLessThan(0.3);
  });
});

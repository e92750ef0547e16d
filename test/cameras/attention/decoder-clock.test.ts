import { describe, expect, it } from 'vitest';
import { DecoderClock } from '../../../server/cameras/attention/decoder-clock.js';
import { fragmentsOf } from './fragments.js';

const at = (decodeTimeMs: number, compositionMs = 0) => ({
  ...fragmentsOf(1)[0],
  decodeTimeMs,
  compositionMs,
});
/** Ticks are 10 microseconds. */
const ms = (ticks: number) => ticks / 100;

describe('the clock of a decoder', () => {
  it('keeps step with the camera', () => {
    const clock = new DecoderClock();
    const told = [0, 40, 80, 1080, 1120].map((time) => ms(clock.ticks(at(time), true)));
    expect(told.map((time) => time - told[0])).toEqual([0, 40, 80, 1080, 1120]);
  });

  it('tells by even and odd ticks what is wanted, whatever the time', () => {
    const clock = new DecoderClock();
    for (let n = 0; n < 200; n += 1) {
      const wanted = n % 3 !== 0;
      expect(clock.ticks(at(n * 33.3667), wanted) % 2).toBe(wanted ? 0 : 1);
    }
  });

  it('goes forward by a whole second and more where pictures are decoded again', () => {
    const clock = new DecoderClock();
    const first = clock.ticks(at(0), true);
    const second = clock.ticks(at(1000), true);
    const again = [0, 40, 80].map((time) => clock.ticks(at(time), time > 0));
    expect(ms(again[0] - second)).toBeGreaterThanOrEqual(1000);
    // Spans of 1/fps stay where they are.
    expect(ms(again[0] - 1 - first) % 1000).toBe(0);
    expect(again.map((ticks) => Math.round(ms(ticks - again[0])))).toEqual([0, 40, 80]);
  });

  it('says when a picture is shown, where a camera reorders them', () => {
    const clock = new DecoderClock();
    const told = [at(0, 80), at(40, 120), at(80, 40), at(120, 120)].map((each) => clock.ticks(each, true));
    expect(told.map((ticks) => ms(ticks - told[0]))).toEqual([0, 80, 40, 160]);
  });
});

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

  it.each([
    ['forward by an hour', (n: number) => n * 40 + 3_600_000],
    ['back by an hour', (n: number) => n * 40 - 3_600_000],
    // So ffmpeg copies what a camera sends after its clock was set back.
    ['back, and is spaced by ffmpeg', (n: number) => 400 + n * 0.011],
  ])('goes on as before where the camera sets its own %s', (_, later) => {
    const clock = new DecoderClock();
    let before = 0;
    for (let n = 0; n < 10; n += 1) before = clock.ticks(at(n * 40), true);
    const told = Array.from({ length: 50 }, (_, n) => clock.ticks(at(later(n)), true));
    expect(ms(told[0] - before)).toBeGreaterThanOrEqual(40);
    expect(ms(told[0] - before)).toBeLessThanOrEqual(2000);
    expect(told.slice(1).map((ticks, n) => Math.round(ms(ticks - told[n])))).toEqual(
      told.slice(1).map(() => 40),
    );
  });

  it('does not believe that a picture is shown an hour earlier than it is decoded', () => {
    const clock = new DecoderClock();
    const first = clock.ticks(at(10_000_000), true);
    expect(ms(clock.ticks(at(10_000_040, -3_600_000), true) - first)).toBe(40);
  });
});

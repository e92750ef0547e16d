import { describe, expect, it } from 'vitest';
import { SteadyTimes } from '../../../server/cameras/video/steady-times.js';

/** Ticks a second, as RTP has it: 90 a millisecond. */
const TIMESCALE = 90_000;
const TICKS = 90;
const HOUR_MS = 3_600_000;

/** A step of the camera's clock, when the next picture came after this one, and how much later it is shown, ms. */
type Step = readonly [theirs: number, arrival?: number, composition?: number];
const steps = (count: number, ...step: Step): Step[] => Array.from({ length: count }, () => step);
/** So ffmpeg spaces pictures after a clock was set back. */
const TICK = 1 / TICKS;

/** What becomes of a video, in ms. */
function play(...runs: readonly Step[][]) {
  const times = new SteadyTimes(TIMESCALE);
  let [theirs, now] = [5000, 70_000];
  return runs.map((run) =>
    run.map(([step, arrival = step, composition = 0]) => {
      now += arrival;
      const duration = Math.round(step * TICKS);
      const given = { decodeTime: theirs, duration, compositionOffset: Math.round(composition * TICKS) };
      theirs += duration;
      const told = times.next(given, now);
      for (const value of Object.values(told)) expect(value).toSatisfy(Number.isSafeInteger);
      return {
        given,
        told,
        at: told.decodeTime / TICKS,
        step: told.duration / TICKS,
        composition: told.compositionOffset / TICKS,
      };
    }),
  );
}
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
const durations = (run: readonly { step: number }[]) => run.map(({ step }) => step);
/** Each picture lasts until the next. */
const expectWhole = (runs: ReturnType<typeof play>) => {
  const all = runs.flat();
  all.slice(1).forEach(({ told }, i) => {
    expect(told.decodeTime).toBe(all[i].told.decodeTime + all[i].told.duration);
    expect(told.duration).toBeGreaterThan(0);
  });
};

describe('the times of a copied video', () => {
  it.each([
    ['25 a second', steps(100, 40)],
    ['29.97 a second', steps(100, 1001 / 30)],
    ['one in four seconds', steps(20, 4000)],
    ['25 and then 5 a second', [...steps(50, 40), ...steps(50, 200)]],
    ['of a network that holds two seconds back', [...steps(9, 40), [40, 2000], ...steps(48, 40, 0)]],
    ['of a connection that begins with what was gathered', steps(250, 40, 0)],
    ['reordered', [[TICK, 40], [TICK, 40, 120], ...steps(40, 40, 40, 80)]],
    ['of two fields each', [...steps(40, 40), [TICK, 1], [80, 79], [TICK, 1], [80, 79], [TICK, 1]]],
    ['with a silence of three seconds', [...steps(50, 40), [3040], ...steps(50, 40)]],
  ] as [string, Step[]][])('are the camera’s own: %s', (_, video) => {
    const all = play(steps(1, 40), video).flat();
    expect(all.map(({ told }) => told)).toEqual(all.map(({ given }) => given));
  });

  it('go on as before where the clock jumps forward by an hour', () => {
    const runs = play(steps(50, 40), [[HOUR_MS + 40, 40]], steps(50, 40));
    expectWhole(runs);
    expect(durations(runs.flat())).toEqual(durations(runs.flat()).map(() => 40));
  });

  it('go on as before where it jumps back by an hour, however the network jitters, until the old time comes again', () => {
    const jitter = [13, -20, 7, 18, -18, 0, 15, -15];
    const spaced: Step[] = Array.from({ length: 2000 }, (_, n) => {
      const offset = jitter[n % 8] - jitter[(n + 7) % 8];
      return [TICK, 40 + offset];
    });
    const runs = play(steps(50, 40), spaced, steps(50, 40));
    expectWhole(runs);
    const [, back, after] = runs;
    expect(sum(durations(back))).toBeGreaterThan(2000 * 40 - 150);
    expect(sum(durations(back))).toBeLessThan(2000 * 40 + 150);
    const settled = durations(back).slice(20);
    const off = settled.map((step) => Math.abs(step - 40));
    expect(sum(off) / off.length).toBeLessThan(13);
    // The network's own are up to 38.
    expect(Math.max(...off)).toBeLessThan(25);
    expect(durations(after)).toEqual(steps(50, 40).map(() => 40));
  });

  it('lose no more than what three pictures last when it jumps back, and make up for it', () => {
    const [, back] = play(steps(50, 40), steps(25, TICK, 40));
    expect(
      durations(back)
        .slice(0, 3)
        .every((step) => step < 1),
    ).toBe(true);
    expect(sum(durations(back))).toBeGreaterThan(24 * 40);
    expect(sum(durations(back))).toBeLessThan(27 * 40);
    expect(Math.max(...durations(back))).toBeLessThan(110);
  });

  it('follow a camera that becomes slower, and faster again, while its clock is not believed', () => {
    const runs = play(steps(50, 40), steps(50, TICK, 40), steps(50, TICK, 200), steps(50, TICK, 40));
    expectWhole(runs);
    const [, , slow, fast] = runs;
    for (const step of durations(slow).slice(25)) expect(step).toBeCloseTo(200, -1);
    for (const step of durations(fast).slice(30)) expect(step).toBeCloseTo(40, -1);
    expect(sum(durations([...slow, ...fast]))).toBeGreaterThan(12_000 - 300);
    expect(sum(durations([...slow, ...fast]))).toBeLessThan(12_000 + 300);
  });

  it.each([
    ['forward', HOUR_MS],
    ['back', -HOUR_MS],
  ])('have a gap that was real, and no longer than it was, where the clock jumps %s meanwhile', (_, jump) => {
    const step = (apart: number) => (jump > 0 ? apart : TICK);
    const first: Step = jump > 0 ? [jump + 3000, 3000] : [TICK, 3000];
    const runs = play(steps(50, 40), [first, ...steps(49, step(40), 40)]);
    expectWhole(runs);
    const after = durations(runs[1]);
    expect(sum(after)).toBeGreaterThan(3000 + 49 * 40 - 150);
    expect(sum(after)).toBeLessThan(3000 + 49 * 40 + 150);
    expect(after.filter((each) => each > 500)).toHaveLength(1);
    for (const each of after.slice(25)) expect(each).toBeCloseTo(40, -1);
  });

  it('have no hole where a clock is set right again that was set back', () => {
    const runs = play(steps(50, 40), steps(100, TICK, 40), [[HOUR_MS - 100 * 40, 40]], steps(50, 40));
    expectWhole(runs);
    expect(Math.max(...durations(runs.flat()))).toBeLessThan(110);
  });

  it('do not believe that a picture is shown an hour later than it is decoded', () => {
    const [, run] = play(steps(1, 40), [
      [40, 40, 80],
      [40, 40, HOUR_MS],
      [40, 40, -HOUR_MS / 10],
      [40, 40, -40],
    ]);
    expect(run.map(({ composition }) => composition)).toEqual([80, 0, 0, -40]);
  });
});

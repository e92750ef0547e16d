import { describe, expect, it } from 'vitest';
import { growthOf, rise } from './growth.js';
import { heldWithoutLoss, judgeStep } from './judge-step.js';
import type { Step } from './report.js';

const sound: Parameters<typeof judgeStep>[0] = {
  kind: 'busy720',
  cameras: 4,
  seconds: 20,
  fps: { wanted: 8, arrived: 8, recognised: 7.9 },
  awake: null,
  frameToEventMs: { p50: 100, p95: 200, p99: 250, count: 20 },
  entranceToNameMs: null,
  unplaced: 1,
  crossings: { whole: 20, named: 20 },
  cores: { node: 0.5, ffmpeg: 0.4, cameras: 0.02, bench: 0.02, others: 0 },
  ffmpegEach: { kind: 0.1, probe: null },
  memory: { nodeMiB: 300, ffmpegMiB: 200, growth: null },
  pace: { lateP99Ms: 4, unread: 0 },
  down: 0,
};
const judged = (change: Partial<typeof sound>) => judgeStep({ ...sound, ...change });

describe('whether a step holds', () => {
  it('does where all is well', () => {
    expect(judged({})).toMatchObject({ held: true, why: null });
    expect(judged({}).lost).toBeCloseTo(0.0125);
  });

  it.each<[string, Partial<typeof sound>, RegExp]>([
    ['cameras are down', { down: 2 }, /2 cameras/],
    ['nothing is told', { frameToEventMs: null, unplaced: 0 }, /no visit/],
    ['events cannot be placed', { unplaced: 6 }, /6 of 26 visits/],
    ['events are late', { frameToEventMs: { p50: 1, p95: 1001, p99: 1, count: 20 } }, /1001 ms/],
    ['people are not named', { crossings: { whole: 20, named: 18 } }, /18 of 20 people/],
    ['nobody crossed', { crossings: { whole: 0, named: 0 } }, /nobody crossed/],
  ])('does not where %s', (_, change, why) => {
    const step = judged(change);
    expect(step.held).toBe(false);
    expect(step.why).toMatch(why);
  });

  it('asks for names where all cameras are busy: a single probe crosses too seldom', () => {
    expect(judged({ crossings: { whole: 20, named: 19 } }).held).toBe(true);
    expect(judged({ kind: 'quiet720', crossings: { whole: 4, named: 3 } }).held).toBe(true);
  });

  it('tells what was lost, which is no reason, but not without loss', () => {
    const losing = (recognised: number) => judged({ fps: { wanted: 8, arrived: 8, recognised } });
    expect(losing(7)).toMatchObject({ held: true, lost: 0.125 });
    expect(heldWithoutLoss(losing(7))).toBe(false);
    expect(heldWithoutLoss(losing(7.3))).toBe(true);
    expect(heldWithoutLoss(judged({ down: 1 }))).toBe(false);
    expect(judged({ fps: { wanted: 8, arrived: 6, recognised: 6 } }).lost).toBe(0.25);
  });

  it('takes for lost of sleeping cameras only what they delivered', () => {
    expect(judged({ fps: { wanted: null, arrived: 1.2, recognised: 1.2 } }).lost).toBe(0);
    expect(judged({ fps: { wanted: null, arrived: 1.2, recognised: 0.9 } }).lost).toBeCloseTo(0.25);
  });
});

describe('what each camera more costs', () => {
  const step = (cameras: number): Step =>
    judgeStep({
      ...sound,
      cameras,
      cores: { ...sound.cores, node: 0.3 + 0.01 * cameras, ffmpeg: 0.1 * cameras },
      memory: { nodeMiB: 250 + 9 * cameras, ffmpegMiB: 30 * cameras, growth: null },
    });

  it('is the slope, without what the product needs anyway', () => {
    const floor = { stream: 720, content: 'busy', cores: 0.1, kbits: 1, others: 0 } as const;
    const growth = growthOf([step(1), step(2), step(8)], floor)!;
    expect(growth.coresACamera.all).toBeCloseTo(0.11);
    expect(growth.coresACamera.node).toBeCloseTo(0.01);
    expect(growth.memoryACameraMiB).toBeCloseTo(39);
    expect(growth.floorRatio).toBeCloseTo(1.1);
  });

  it('is no ratio where the slope says nothing', () => {
    const floor = { stream: 720, content: 'busy', cores: 0.1, kbits: 1, others: 0 } as const;
    expect(growthOf([step(1), step(8)], floor)!.floorRatio).toBeNull();
    const disturbed = { ...step(1), cores: { ...step(1).cores, node: 0.9 } };
    expect(growthOf([disturbed, step(2), step(8)], floor)!.floorRatio).toBeNull();
  });

  it('leaves out numbers at which frames were lost', () => {
    expect(growthOf([step(1), { ...step(2), lost: 0.2 }], undefined)).toBeNull();
  });

  it('is not known from one number of cameras, nor from steps that did not hold', () => {
    expect(growthOf([step(4), step(4)], undefined)).toBeNull();
    expect(growthOf([step(1), { ...step(2), held: false }], undefined)).toBeNull();
    expect(rise([])).toBeNull();
  });
});

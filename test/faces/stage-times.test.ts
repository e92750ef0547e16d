import { describe, expect, it } from 'vitest';
import { StageTimes } from '../../server/faces/stage-times.js';

function stopwatch(pictures: number) {
  let now = 0;
  const times = new StageTimes(pictures, () => now);
  return { times, take: (ms: number) => () => void (now += ms) };
}

describe('the times of a batch', () => {
  it('go to the stage as a whole, and to each picture by its pieces of the work', async () => {
    const { times, take } = stopwatch(3);
    await times.time('detect', [0], take(10));
    await times.time('detect', [1], take(30));
    await times.time('detect', [2], take(20));
    // Three faces of the second picture and one of the third.
    await times.time('embed', [1, 1, 1, 2], take(40));
    expect(times.stages).toEqual([0.06, 0, 0, 0.04, 0]);
    expect(times.pictures.map((seconds) => Math.round(seconds * 1000))).toEqual([10, 60, 30]);
  });

  it('of a stage without work are none', async () => {
    const { times, take } = stopwatch(1);
    await times.time('embed', [], take(5));
    expect(times).toMatchObject({ stages: [0, 0, 0, 0, 0], pictures: [0] });
  });

  it('count what fails, and let it fail', async () => {
    const { times, take } = stopwatch(1);
    const failing = times.time('detect', [0], () => {
      take(7)();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(times.pictures).toEqual([0.007]);
  });
});

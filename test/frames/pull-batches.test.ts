import { BehaviorSubject, Subject, take } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { Frame } from '../../server/frames/frame.js';
import { FreshestFrame } from '../../server/frames/freshest.js';
import { pullBatches, type BatchOptions } from '../../server/frames/pull-batches.js';
import { fakeClock } from '../fixtures/fake-clock.js';

const SIZE = { width: 2, height: 2 };

/** An engine whose batches end when the test says so. */
function engineOver(cameras: string[], options: Partial<BatchOptions> = {}) {
  const clock = fakeClock();
  const slots = cameras.map((camera) => new FreshestFrame(camera, SIZE, clock));
  const present = new BehaviorSubject<readonly FreshestFrame[]>(slots);
  const batches: { frames: Frame[]; done: () => void }[] = [];
  const results: string[] = [];
  const subscription = pullBatches(
    present,
    { count: 4, deadlineMs: 20, concurrency: 1, ...options },
    clock,
    (frames) => {
      const end = new Subject<string>();
      batches.push({
        frames,
        done: () => {
          for (const frame of frames) frame.release();
          end.next(frames.map((frame) => `${frame.camera}${frame.sequence}`).join(' '));
          end.complete();
        },
      });
      return end.pipe(take(1));
    },
  ).subscribe((result) => results.push(result));
  const named = (index: number) => batches[index].frames.map((frame) => frame.camera);
  return { clock, slots, present, batches, results, subscription, named };
}

describe('the engine pulls', () => {
  test('a lone camera never waits', () => {
    const { slots, batches } = engineOver(['a']);
    slots[0].publish();
    expect(batches).toHaveLength(1);
  });

  test('a frame waits for others until the deadline, and then goes alone', () => {
    const { clock, slots, batches, named } = engineOver(['a', 'b']);
    slots[0].publish();
    clock.advance(19);
    expect(batches).toHaveLength(0);
    clock.advance(2);
    expect(named(0)).toEqual(['a']);
  });

  test('a batch goes at once when it is full', () => {
    const { slots, named } = engineOver(['a', 'b', 'c'], { count: 2 });
    slots[0].publish();
    slots[1].publish();
    expect(named(0)).toEqual(['a', 'b']);
  });

  test('a batch goes at once when nobody else could join', () => {
    const { slots, named } = engineOver(['a', 'b']);
    slots[1].publish();
    slots[0].publish();
    expect(named(0).sort()).toEqual(['a', 'b']);
  });

  test('the camera that has waited longest comes first; a crowded one cannot starve it', () => {
    const { clock, slots, batches, named } = engineOver(['busy', 'quiet'], { count: 1 });
    slots[0].publish();
    expect(named(0)).toEqual(['busy']);
    clock.advance(5);
    slots[1].publish();
    for (let burst = 0; burst < 10; burst++) {
      clock.advance(5);
      slots[0].publish();
    }
    batches[0].done();
    expect(named(1)).toEqual(['quiet']);
  });

  test('a camera with many frames a second has its share though its freshest frame is always the youngest', () => {
    const { clock, slots, batches } = engineOver(['fast', 'slow-1', 'slow-2', 'slow-3'], { count: 1 });
    const served = Object.fromEntries(slots.map(({ camera }) => [camera, 0]));
    // Half a minute of an engine that takes 100 ms a frame, before 30 frames a second of one camera and 5 of the others.
    let [ended, endsAt] = [0, 0];
    for (let ms = 0; ms < 30_000; ms += 1) {
      clock.advance(1);
      if (ms % 33 === 0) slots[0].publish();
      for (const [index, slot] of slots.entries()) if (index > 0 && ms % 200 === index * 50) slot.publish();
      if (batches.length > ended && endsAt === 0) endsAt = ms + 100;
      if (ms === endsAt && endsAt > 0) {
        served[batches[ended].frames[0].camera] += 1;
        endsAt = 0;
        batches[ended++].done();
        if (batches.length > ended) endsAt = ms + 100;
      }
    }
    const total = Object.values(served).reduce((sum, count) => sum + count);
    expect(total).toBeGreaterThan(290);
    for (const count of Object.values(served)) expect(count / total).toBeGreaterThan(0.2);
  });

  test('a crowded camera, whose frames take ten times as long, makes a quiet one wait for one of them at most', () => {
    const { clock, slots, batches, named } = engineOver(['crowded', 'quiet'], { count: 1 });
    const [crowded, quiet] = slots;
    let [ended, endsAt, longestWait] = [0, Infinity, 0];
    for (let ms = 0; ms < 20_000; ms += 1) {
      clock.advance(1);
      longestWait = Math.max(longestWait, clock.monotonic() - (quiet.waitingSince ?? Infinity));
      if (ms % 40 === 0) crowded.publish();
      if (ms % 100 === 50) quiet.publish();
      if (ms === endsAt) {
        endsAt = Infinity;
        batches[ended++].done();
      }
      if (batches.length > ended && endsAt === Infinity)
        endsAt = ms + (named(ended)[0] === 'crowded' ? 500 : 50);
    }
    const served = batches.map((_, index) => named(index)[0]);
    expect(served.filter((camera) => camera === 'crowded').length).toBeGreaterThan(30);
    expect(served.filter((camera) => camera === 'quiet').length).toBeGreaterThan(20);
    expect(longestWait).toBeGreaterThan(400);
    expect(longestWait).toBeLessThanOrEqual(500);
  });

  test('nothing queues behind a busy engine: it gets the newest of each camera', () => {
    const { clock, slots, batches, results } = engineOver(['a', 'b']);
    slots[0].publish();
    clock.advance(20);
    for (let frame = 0; frame < 100; frame++) {
      slots[0].publish();
      slots[1].publish();
    }
    expect(batches).toHaveLength(1);
    batches[0].done();
    batches[1].done();
    expect(results).toEqual(['a1', 'a101 b100']);
    expect(slots[0].dropped + slots[1].dropped).toBe(99 + 99);
  });

  test('as many batches at once as the engine has workers, one frame of a camera at a time', () => {
    const { slots, batches, named } = engineOver(['a', 'b', 'c'], { count: 1, concurrency: 2 });
    for (const slot of slots) {
      slot.publish();
      slot.publish();
    }
    expect(batches.length).toBe(2);
    expect(named(0)).not.toEqual(named(1));
  });

  test('a slot that comes joins, and one that goes is waited for no more', () => {
    const { clock, slots, present, batches, named } = engineOver(['a', 'b']);
    slots[0].publish();
    expect(batches).toHaveLength(0);
    present.next([slots[0]]);
    expect(named(0)).toEqual(['a']);
    batches[0].done();
    slots[1].publish();
    clock.advance(100);
    expect(batches).toHaveLength(1);
    const late = new FreshestFrame('c', SIZE, clock);
    late.publish();
    present.next([slots[0], late]);
    clock.advance(100);
    expect(named(1)).toEqual(['c']);
  });

  test('after unsubscribing nothing is left: no timer, no work', () => {
    const { clock, slots, batches, subscription } = engineOver(['a', 'b']);
    slots[0].publish();
    subscription.unsubscribe();
    clock.advance(1000);
    slots[1].publish();
    expect(batches).toHaveLength(0);
  });
});

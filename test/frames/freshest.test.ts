import { describe, expect, test } from 'vitest';
import { FreshestFrame } from '../../server/frames/freshest.js';
import { fakeClock } from '../fixtures/fake-clock.js';

const SIZE = { width: 4, height: 2 };

function slotThatIsFilled() {
  const clock = fakeClock();
  const slot = new FreshestFrame('door', SIZE, clock);
  const publish = (value: number) => {
    slot.writing.planes.fill(value);
    slot.publish();
  };
  return { clock, slot, publish };
}

describe('the freshest frame of a camera', () => {
  test('the newest wins, the overtaken are counted', () => {
    const { slot, publish } = slotThatIsFilled();
    publish(1);
    publish(2);
    publish(3);
    const frame = slot.take()!;
    expect(frame.sequence).toBe(3);
    expect(new Set(frame.planes)).toEqual(new Set([3]));
    expect([slot.arrived, slot.dropped]).toEqual([3, 2]);
  });

  test('one that was held back says when the camera sent it, on both clocks', () => {
    const { slot, clock } = slotThatIsFilled();
    clock.advance(5000);
    slot.publish(4300);
    expect(slot.isWaiting).toBe(true);
    expect(slot.take()).toMatchObject({ arrivedAt: 4300, capturedAt: clock.wall() - 700 });
    expect(slot.isWaiting).toBe(false);
  });

  test('one that overtook the first of a connection counts as the first, and the next does not', () => {
    const { slot } = slotThatIsFilled();
    slot.publish(undefined, true);
    slot.publish();
    const first = slot.take()!;
    expect(first.isFirst).toBe(true);
    slot.publish();
    first.release();
    expect(slot.take()!.isFirst).toBe(false);
  });

  test('one says what motion is compared by where that was said of it, and of no other', () => {
    const { slot } = slotThatIsFilled();
    const grid = Uint16Array.of(7);
    slot.writing.grid = grid;
    slot.publish();
    const first = slot.take()!;
    expect(first.grid).toBe(grid);
    first.release();
    // The three buffers go round: the first one comes again.
    for (let again = 0; again < 4; again += 1) {
      slot.publish();
      const frame = slot.take()!;
      expect(frame.grid).toBeNull();
      frame.release();
    }
    expect(first.grid).toBe(grid);
  });

  test('a held frame never changes, however many arrive meanwhile', () => {
    const { slot, publish } = slotThatIsFilled();
    publish(1);
    const held = slot.take()!;
    for (let value = 2; value < 50; value++) publish(value);
    expect(new Set(held.planes)).toEqual(new Set([1]));
    expect(slot.take()).toBeNull();
    held.release();
    expect(new Set(slot.take()!.planes)).toEqual(new Set([49]));
    expect(slot.dropped).toBe(47);
  });

  test('a camera waits from the first frame that was passed over on, and not while it is looked at', () => {
    const { clock, slot, publish } = slotThatIsFilled();
    expect(slot.waitingSince).toBeNull();
    for (const at of [10, 20, 30]) {
      clock.advance(at - clock.monotonic());
      publish(at);
    }
    expect(slot.waitingSince).toBe(10);
    const held = slot.take()!;
    expect(held.arrivedAt).toBe(30);
    clock.advance(10);
    publish(40);
    expect([slot.waitingSince, slot.passedOverSince]).toEqual([null, 40]);
    clock.advance(10);
    held.release();
    expect([slot.waitingSince, slot.passedOverSince]).toEqual([50, 40]);
  });

  test('three buffers serve for ever', () => {
    const { slot, publish } = slotThatIsFilled();
    const seen = new Set<ArrayBufferLike>();
    for (let round = 0; round < 100; round++) {
      seen.add(slot.writing.planes.buffer);
      publish(round % 256);
      if (round % 3 === 0) publish(round % 256);
      const frame = slot.take()!;
      seen.add(frame.planes.buffer);
      publish(7);
      frame.release();
      frame.release();
      slot.take()!.release();
    }
    expect(seen.size).toBe(3);
    expect(slot.writing.planes.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test('says when there may be something to take', () => {
    const { slot, publish } = slotThatIsFilled();
    let said = 0;
    slot.ready.subscribe(() => said++);
    publish(1);
    expect(said).toBe(1);
    const frame = slot.take()!;
    publish(2);
    expect(said).toBe(1);
    frame.release();
    expect(said).toBe(2);
  });

  test('carries both times of arrival', () => {
    const { clock, slot, publish } = slotThatIsFilled();
    clock.advance(250);
    clock.setWall(1_000);
    publish(1);
    expect(slot.take()).toMatchObject({ camera: 'door', arrivedAt: 250, capturedAt: 1_000 });
  });
});

import { describe, expect, it } from 'vitest';
import { Alertness } from '../../../server/cameras/attention/alertness.js';

describe('alertness', () => {
  it('lasts until there was no reason for it for long enough', () => {
    const alertness = new Alertness(4000);
    expect(alertness.state).toBeNull();
    alertness.wake('start', 1000);
    expect(alertness.overdueMs(4999)).toBe(-1);
    alertness.stay(3000);
    expect(alertness.overdueMs(6999)).toBe(-1);
    expect(alertness.overdueMs(7000)).toBe(0);
    expect(alertness.overdueMs(6000)).toBe(-1000);
    expect(alertness.overdueMs(9500)).toBe(2500);
    alertness.rest(7000);
    expect(alertness.state).toBe('quiet');
    expect(alertness.state).toBe('quiet');
  });

  it('counts why it woke, once each time, and for how long', () => {
    const alertness = new Alertness(4000);
    alertness.wake('start', 0);
    alertness.wake('motion', 1000);
    alertness.rest(6000);
    alertness.wake('size', 10_000);
    expect(alertness.awakeSeconds(12_000)).toBe(8);
    alertness.rest(15_000);
    alertness.wake('size', 20_000);
    alertness.stop(21_000);
    expect(alertness.wakes).toEqual({ start: 1, motion: 0, size: 2, person: 0, keyframe: 0 });
    expect(alertness.awakeSeconds(50_000)).toBe(12);
    expect(alertness.state).toBeNull();
  });

  it('knows whether it was for nothing', () => {
    const alertness = new Alertness(4000);
    alertness.wake('size', 0);
    expect(alertness.proved).toBe(false);
    alertness.stay(1000);
    expect(alertness.proved).toBe(true);
    alertness.rest(6000);
    alertness.wake('motion', 9000);
    expect(alertness).toMatchObject({ cause: 'motion', proved: false });
  });
});

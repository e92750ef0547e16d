import { describe, expect, it } from 'vitest';
import { LearningPatience } from '../../server/faces/batch-patience.js';

const four = [{}, {}, {}, {}];

describe('patience with a batch', () => {
  it('is long with what was never seen, for networks may have to be compiled', () => {
    const patience = new LearningPatience();
    expect(patience.limitMs([{}], false)).toBe(60_000);
    patience.took([{}], 10);
    patience.took([{}], 10);
    expect(patience.limitMs([{}], false)).toBe(60_000);
    patience.took([{}], 10);
    expect(patience.limitMs([{}], false)).toBe(5_000);
    expect(patience.limitMs([{}, { liveness: true }], false)).toBe(60_000);
    expect(patience.limitMs([{ profile: 'accurate' }], false)).toBe(60_000);
  });

  it('is twenty times what is usual, for as many pictures as there are', () => {
    const patience = new LearningPatience();
    for (let i = 0; i < 3; i += 1) patience.took(four, 2_000);
    expect(patience.limitMs(four, false)).toBe(40_000);
    expect(patience.limitMs([{}], false)).toBe(10_000);
  });

  it('is three times as long with the first batch of a thread', () => {
    const patience = new LearningPatience();
    for (let i = 0; i < 3; i += 1) patience.took(four, 40);
    expect(patience.limitMs(four, true)).toBe(15_000);
  });

  it('grows at once with a slower batch and shrinks slowly', () => {
    const patience = new LearningPatience();
    for (let i = 0; i < 3; i += 1) patience.took([{}], 100);
    patience.took([{}], 1_000);
    expect(patience.limitMs([{}], false)).toBe(20_000);
    patience.took([{}], 100);
    expect(patience.limitMs([{}], false)).toBeCloseTo(16_400);
    for (let i = 0; i < 50; i += 1) patience.took([{}], 100);
    expect(patience.limitMs([{}], false)).toBe(5_000);
  });

  it('is longer with photos', () => {
    const patience = new LearningPatience();
    for (let i = 0; i < 3; i += 1) patience.took([{ profile: 'photo' }], 100);
    expect(patience.limitMs([{ profile: 'photo' }], false)).toBe(30_000);
  });
});

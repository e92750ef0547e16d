import { describe, expect, it } from 'vitest';
import { Heartbeat } from '../../../dashboard/controllers/heartbeat.js';
import type { Health } from '../../../server/events/desk.js';
import { fakeDeskClock, fakeHost } from '../fake-desk-clock.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A server that answers after `answersAfterMs`, or never, or not at all. */
function setUp(answersAfterMs: number) {
  const clock = fakeDeskClock();
  const server = { answersAfterMs, refuses: false };
  const told = { asked: 0, answers: 0, silences: [] as number[] };
  const began = clock.now();
  let heldUpMs = 0;
  const heartbeat = new Heartbeat(fakeHost(), {
    clock: { ...clock, now: () => clock.now() + heldUpMs },
    ask: (timeoutMs) => {
      told.asked += 1;
      if (server.refuses) return Promise.reject(new TypeError('Failed to fetch'));
      return new Promise((resolve, reject) => {
        clock.after(timeoutMs, () => reject(new DOMException('late', 'TimeoutError')));
        if (server.answersAfterMs < Infinity) clock.after(server.answersAfterMs, () => resolve({} as Health));
      });
    },
    onHealth: () => (told.answers += 1),
    onSilence: () => told.silences.push(clock.now() - began),
  });
  /** Lets time go by in steps that answers are read between. */
  const pass = async (ms: number) => {
    for (let gone = 0; gone < ms; gone += 100) {
      clock.advance(100);
      await settled();
    }
  };
  heartbeat.start();
  return { clock, server, told, heartbeat, pass, holdUp: (ms: number) => (heldUpMs = ms) };
}

describe('the heartbeat', () => {
  it('asks every second and hears every answer', async () => {
    const { told, pass } = setUp(20);
    await pass(10_000);
    expect(told).toEqual({ asked: 11, answers: 10, silences: [] });
  });

  it('takes a busy server for a slow one: answers that take longer than a second are answers', async () => {
    const { told, pass } = setUp(1_300);
    await pass(20_000);
    expect(told.answers).toBeGreaterThan(15);
    expect(told.silences).toEqual([]);
  });

  it('notices within less than three seconds that nothing is said any more, and when something is again', async () => {
    const { server, told, pass } = setUp(20);
    await pass(5_000);
    server.answersAfterMs = Infinity;
    await pass(3_000);
    expect(told.silences).toHaveLength(1);
    expect(told.silences[0]).toBeLessThan(8_000);
    server.answersAfterMs = 20;
    const { answers } = told;
    await pass(2_000);
    expect(told.answers).toBeGreaterThan(answers);
    expect(told.silences).toHaveLength(1);
  });

  it('notices at once a server that takes no connection', async () => {
    const { server, told, pass } = setUp(20);
    await pass(900);
    server.refuses = true;
    await pass(200);
    expect(told.silences).toEqual([1_000]);
  });

  it('does not take for silent who speaks on another way', async () => {
    const { told, heartbeat, pass } = setUp(Infinity);
    for (let second = 0; second < 10; second += 1) {
      heartbeat.heard();
      await pass(1_000);
    }
    expect(told.silences).toEqual([]);
    await pass(3_000);
    expect(told.silences).toHaveLength(1);
  });

  it('does not blame the server where the page itself was held up', async () => {
    const { told, pass, holdUp } = setUp(Infinity);
    holdUp(4_000);
    await pass(2_500);
    expect(told.silences).toEqual([]);
    await pass(2_500);
    expect(told.silences).toHaveLength(1);
  });

  it('is still once it was stopped, and what is said then starts nothing', async () => {
    const { clock, told, heartbeat, pass } = setUp(20);
    await pass(1_000);
    heartbeat.stop();
    heartbeat.heard();
    await pass(10_000);
    expect(told).toMatchObject({ asked: 2, silences: [] });
    expect(clock.pending()).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import type { SentPicture } from './camera-server.js';
import { castAt, entrance, leave, LOOP_PICTURES, walks } from './cast.js';
import { crossingsIn, NAME_GRACE_MS, namedOf } from './crossings.js';
import { streams } from './kinds.js';

const sentFrom = (first: number, count: number): SentPicture[] =>
  Array.from({ length: count }, (_, index) => [(first + index) % LOOP_PICTURES, 1_000_000 + index * 40]);

describe('who crossed', () => {
  it('is everybody once in a whole loop that cuts nobody off', () => {
    const sent = sentFrom(0, 2 * LOOP_PICTURES);
    const crossed = crossingsIn('a', sent, 720);
    // Of the second loop, who is still in view at its end is left out.
    expect(crossed.length).toBeGreaterThanOrEqual(2 * walks.length - 1);
    for (const { from, to, person } of crossed) {
      expect(to - from).toBeGreaterThan(2_500);
      expect(to - from).toBeLessThan(4_500);
      expect(sent.find(([, at]) => at === from)![0]).toBe(entrance(person, 720));
    }
  });

  it('is nobody whose beginning or end is missing', () => {
    const { person } = walks[1];
    const first = entrance(person, 720);
    const last = leave(person, 720);
    const count = ((last - first + LOOP_PICTURES) % LOOP_PICTURES) + 1;
    const has = (sent: SentPicture[]) => crossingsIn('a', sent, 720).some((one) => one.person === person);
    expect(has(sentFrom(first, count))).toBe(true);
    expect(has(sentFrom(first + 1, count))).toBe(false);
    expect(has(sentFrom(first, count - 1))).toBe(false);
  });

  it('leaves with the whole face still in view', () => {
    for (const { person } of walks) {
      const { x, size } = castAt(leave(person, 1080), 1080).find(({ walk }) => walk.person === person)!;
      expect(x).toBeLessThanOrEqual(streams[1080].width - size / 2);
      expect(x).toBeGreaterThan(streams[1080].width * 0.8);
    }
  });
});

describe('who was named', () => {
  const crossing = { camera: 'a', person: 'p', from: 1_000, to: 4_000 };
  const named = (change: object) =>
    namedOf([crossing], [{ camera: 'a', person: 'p', at: 2_000, ...change }]).named;

  it('is who has a name of that camera, in time', () => {
    expect(named({})).toBe(1);
    expect(named({ at: crossing.to + NAME_GRACE_MS })).toBe(1);
    expect(named({ at: crossing.to + NAME_GRACE_MS + 1 })).toBe(0);
    expect(named({ at: 999 })).toBe(0);
    expect(named({ camera: 'b' })).toBe(0);
    expect(named({ person: 'q' })).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { embeddingOf } from '../fixtures/enrolled-person.js';
import { embeddingNear, galleryOf, scene } from './scene.js';

const ada = (x = 100, more = {}) => ({ who: 'ada', x, ...more });
const bo = (x = 500, more = {}) => ({ who: 'bo', x, ...more });
const stranger = (x = 300, more = {}) => ({ who: 'stranger', x, ...more });

describe('one visit', () => {
  it('starts with the second look, is recognised with the third, and ends after the grace period', () => {
    const door = scene(galleryOf('ada', 'bo'));
    door.frame([ada()]);
    expect(door.told()).toEqual([]);
    door.frame([ada()]);
    expect(door.told()).toEqual(['started']);
    door.frame([ada()]);
    expect(door.told()).toEqual(['started', 'recognised ada']);
    door.frames(50, () => [ada()]);
    expect(door.told()).toHaveLength(2);
    door.wait(4_000);
    expect(door.told()).toHaveLength(2);
    door.wait(1);
    expect(door.told()).toEqual(['started', 'recognised ada', 'ended ada']);
    expect(door.visits()).toBe(1);
  });

  it('says how sure it is: distance, box and candidates of the best look that agrees', () => {
    const door = scene(galleryOf('ada', 'bo'));
    door.frame([ada(100, { distance: 0.5 })]);
    door.frame([ada(110, { distance: 0.2 })]);
    door.frame([ada(120, { distance: 0.4 })]);
    expect(door.events[1]).toMatchObject({
      type: 'visit.recognised',
      camera: 'door',
      person: { id: 'ada', name: 'ADA' },
      threshold: 0.6,
      box: { x: 110, y: 200, width: 100, height: 120 },
      frame: { width: 1280, height: 720 },
      score: 0.9,
      snapshot: null,
    });
    const { distance, candidates, margin } = door.events[1];
    expect(distance).toBeCloseTo(0.2, 5);
    expect(candidates.map(({ person }) => person.id)).toEqual(['ada', 'bo']);
    expect(margin).toBeCloseTo(candidates[1].distance - 0.2, 5);
  });

  it('hands out when the deciding frame arrived and where the face is in it', () => {
    const door = scene(galleryOf('ada'));
    door.frame([ada(100, { distance: 0.2 })]);
    expect(door.frame([ada(110)]).events).toMatchObject([{ arrivedAt: 1_400, snapshotBox: { x: 110 } }]);
    expect(door.frame([ada(120)]).events).toMatchObject([
      { arrivedAt: 1_600, snapshotBox: { x: 120 }, draft: { box: { x: 100 } } },
    ]);
    expect(door.end().events).toMatchObject([{ arrivedAt: 1_600, snapshotBox: null }]);
  });

  it('measures how long somebody was there, not how long it waited for them', () => {
    const door = scene(galleryOf('ada'));
    door.frames(11, () => [ada()]);
    door.wait(60_000);
    expect(door.events.at(-1)).toMatchObject({
      type: 'visit.ended',
      durationMs: 2_000,
      startedAt: new Date(1_700_000_001_200).toISOString(),
      at: new Date(1_700_000_063_200).toISOString(),
    });
  });

  it('is nothing where a single frame showed a face', () => {
    const door = scene(galleryOf('ada'));
    door.frame([ada()]);
    door.frames(20, () => []);
    door.frame([ada()]);
    door.end();
    expect(door.told()).toEqual([]);
  });

  it('ends when the camera dies', () => {
    const door = scene(galleryOf('ada'));
    door.frames(3, () => [ada(), stranger()]);
    door.end();
    expect(door.told()).toEqual(['started', 'started', 'recognised ada', 'ended ada', 'ended']);
    expect(door.live()).toEqual([]);
  });
});

describe('nobody known', () => {
  it('is unknown after eight looks and a second and a half', () => {
    const door = scene(galleryOf('ada'));
    door.frames(8, () => [stranger()]);
    expect(door.told()).toEqual(['started']);
    door.frame([stranger()]);
    expect(door.told()).toEqual(['started', 'unknown']);
    expect(door.events[1].distance).toBeGreaterThan(0.6);
    expect(door.events[1].candidates).toMatchObject([{ person: { id: 'ada' } }]);
    door.frames(50, () => [stranger()]);
    door.end();
    expect(door.told()).toEqual(['started', 'unknown', 'ended']);
  });

  it('is not decided by many frames in a moment', () => {
    const door = scene(galleryOf('ada'));
    door.frames(37, () => [stranger()], 40);
    expect(door.told()).toEqual(['started']);
    door.frames(2, () => [stranger()], 40);
    expect(door.told()).toEqual(['started', 'unknown']);
  });

  it('is unknown with an empty gallery too', () => {
    const door = scene(galleryOf());
    door.frames(9, () => [ada()]);
    expect(door.told()).toEqual(['started', 'unknown']);
    expect(door.events[1]).toMatchObject({ distance: null, margin: null, candidates: [], person: null });
  });

  it('is not decided where somebody passed too quickly to tell', () => {
    const door = scene(galleryOf('ada'));
    door.frames(4, () => [stranger()]);
    door.wait(10_000);
    expect(door.told()).toEqual(['started', 'ended']);
  });

  it('is not hurried while somebody coming nearer begins to be recognised', () => {
    const door = scene(galleryOf('ada'));
    door.frames(7, () => [ada(100, { distance: 0.8 })]);
    door.frames(3, () => [ada()]);
    expect(door.told()).toEqual(['started', 'recognised ada']);
  });
});

describe('the same visit', () => {
  it('goes on for somebody who turns away and back', () => {
    const door = scene(galleryOf('ada'));
    door.frames(5, () => [ada()]);
    door.frames(15, () => []);
    door.frames(5, () => [ada(700)]);
    expect(door.told()).toEqual(['started', 'recognised ada']);
  });

  it('goes on for a stranger who is out of sight for a moment', () => {
    const door = scene(galleryOf('ada'));
    door.frames(10, () => [stranger()]);
    door.frames(15, () => []);
    door.frames(15, () => [stranger(800)]);
    expect(door.told()).toEqual(['started', 'unknown']);
  });

  it('goes on through frames that show somebody badly', () => {
    const door = scene(galleryOf('ada', 'bo'));
    door.frames(5, () => [ada()]);
    door.frames(10, () => [ada(105, { distance: 0.62 })]);
    door.frames(5, () => [ada(110)]);
    expect(door.told()).toEqual(['started', 'recognised ada']);
  });

  it('goes on for somebody who walks through the picture quickly, seen badly', () => {
    const door = scene(galleryOf('ada'));
    door.frames(12, (n) => [ada(50 + n * 90, { distance: n % 3 === 2 ? 0.75 : 0.4 })]);
    expect(door.told()).toEqual(['started', 'recognised ada']);
  });

  it('is found again where somebody comes back in profile and turns, without being told twice', () => {
    const door = scene(galleryOf('ada'));
    door.frames(5, () => [ada()]);
    const visit = door.live()[0].visit;
    door.frames(6, () => []);
    door.frames(10, (n) => [ada(800, { embedding: embeddingNear('ada', 0.8 - n * 0.05, 'profile') })]);
    // Announced when it was nobody in particular, then taken back: one recognition, and the first visit goes on.
    expect(door.told()).toEqual(['started', 'recognised ada', 'started', 'ended']);
    expect(door.live()).toMatchObject([{ visit, status: 'recognised', person: { id: 'ada' } }]);
  });

  it('lasts at one frame in five seconds, where the grace period is shorter than the wait for a frame', () => {
    const door = scene(galleryOf('ada'));
    for (let n = 0; n < 6; n += 1) {
      door.frame([ada()], 5_000);
      if (n > 0) door.wait(0);
    }
    expect(door.told()).toEqual(['started', 'recognised ada']);
  });

  it('is another one for somebody who comes back after the grace period, ticks or no ticks', () => {
    const door = scene(galleryOf('ada'));
    door.frames(3, () => [ada()]);
    door.frame([ada()], 4_500);
    door.frames(3, () => [ada()]);
    expect(door.told()).toEqual(['started', 'recognised ada', 'ended ada', 'started', 'recognised ada']);
  });
});

describe('two people', () => {
  it('keep their visits when they cross', () => {
    for (const speed of [15, 40, 80]) {
      const door = scene(galleryOf('ada', 'bo'));
      const count = Math.ceil(800 / speed);
      door.frames(count, (n) => [ada(100 + n * speed), bo(900 - n * speed)]);
      expect(door.told().sort()).toEqual(['recognised ada', 'recognised bo', 'started', 'started']);
      const [first, second] = door.live();
      expect([first.person?.id, second.person?.id]).toEqual(['ada', 'bo']);
    }
  });

  it('keep them when one is hidden behind the other', () => {
    const door = scene(galleryOf('ada', 'bo'));
    door.frames(30, (n) => (n > 8 && n < 16 ? [ada(100 + n * 20)] : [ada(100 + n * 20), bo(600 - n * 20)]));
    expect(door.told().sort()).toEqual(['recognised ada', 'recognised bo', 'started', 'started']);
  });

  it('keep them as strangers, too', () => {
    const door = scene(galleryOf());
    door.frames(30, (n) => [ada(100 + n * 20), bo(600 - n * 20)]);
    expect(door.told().sort()).toEqual(['started', 'started', 'unknown', 'unknown']);
  });

  it('get them back where they were mistaken for each other', () => {
    const door = scene(galleryOf('ada', 'bo'));
    door.frames(5, () => [ada(100), bo(500)]);
    const visits = door.live().map(({ visit }) => visit);
    // They change places in frames that show neither of them well, so that the tracks are confused.
    door.frames(3, () => [
      { who: 'blur', x: 100, embedding: embeddingNear('blur', 0.1) },
      { who: 'smear', x: 500, embedding: embeddingNear('smear', 0.1) },
    ]);
    door.frames(12, () => [bo(100), ada(500)]);
    expect(door.told().filter((told) => told.startsWith('recognised'))).toEqual([
      'recognised ada',
      'recognised bo',
    ]);
    const live = new Map(door.live().map(({ visit, person }) => [visit, person?.id]));
    expect(live.get(visits[0])).toBe('ada');
    expect(live.get(visits[1])).toBe('bo');
  });

  it('are never both the same person: the nearer one is', () => {
    const door = scene(galleryOf('ada'));
    door.frames(20, () => [ada(100, { distance: 0.2 }), ada(700, { distance: 0.55 })]);
    expect(door.told()).toEqual(['started', 'started', 'recognised ada', 'unknown']);
    expect(door.live().map(({ status }) => status)).toEqual(['recognised', 'unknown']);
  });
});

describe('no flicker', () => {
  const twins = (n: number) => (n % 2 === 0 ? 'ada' : 'bo');

  it('gives two look-alikes that alternate one verdict at most', () => {
    const door = scene(galleryOf('ada', 'bo'));
    door.frames(100, (n) => [{ who: twins(n), x: 100, distance: 0.2 }]);
    door.end();
    expect(door.told()).toEqual(['started', 'recognised ada', 'ended ada']);
  });

  it('holds a name against four frames of another', () => {
    const door = scene(galleryOf('ada', 'bo'));
    door.frames(100, (n) => [{ who: n % 5 === 0 ? 'ada' : n > 10 ? 'bo' : 'ada', x: 100, distance: 0.2 }]);
    expect(door.told()).toEqual(['started', 'recognised ada']);
  });

  it('ends the visit and starts another where somebody else is there, clearly and lastingly', () => {
    const door = scene(galleryOf('ada', 'bo'));
    door.frames(6, () => [ada(100)]);
    door.frames(4, () => [bo(100)]);
    expect(door.told()).toEqual(['started', 'recognised ada']);
    door.frame([bo(100)]);
    expect(door.told()).toEqual(['started', 'recognised ada', 'ended ada', 'started', 'recognised bo']);
    expect(door.visits()).toBe(2);
    expect(door.events[2]).toMatchObject({ durationMs: 1_000 });
    door.frames(20, () => [bo(100)]);
    expect(door.told()).toHaveLength(5);
  });

  it('ends an unknown visit where the person becomes known', () => {
    const door = scene(galleryOf('ada'));
    door.frames(10, () => [ada(100, { distance: 0.8 })]);
    door.frames(10, () => [ada(100)]);
    door.end();
    expect(door.told()).toEqual(['started', 'unknown', 'ended', 'started', 'recognised ada', 'ended ada']);
  });

  it('does not leave a name with a stranger who took the place', () => {
    const door = scene(galleryOf('ada'));
    door.frames(6, () => [ada(100)]);
    door.frames(30, () => [stranger(100)]);
    expect(door.told()).toEqual(['started', 'recognised ada', 'ended ada', 'started', 'unknown']);
    expect(door.live()).toMatchObject([{ status: 'unknown', person: null }]);
  });
});

describe('the live picture', () => {
  it('shows this frame, with the verdict of the visit', () => {
    const door = scene(galleryOf('ada', 'bo'));
    door.frame([ada(100)]);
    expect(door.live()).toMatchObject([{ visit: null, status: 'pending', person: null, threshold: 0.6 }]);
    door.frames(2, () => [ada(100)]);
    door.frame([{ who: 'bo', x: 104, distance: 0.2 }]);
    const [face] = door.live();
    expect(face).toMatchObject({
      visit: 'run-1',
      status: 'recognised',
      person: { id: 'ada' },
      box: { x: 104 },
    });
    // The distance is to the person who is named, also in a frame that is nearer to somebody else.
    expect(face.distance).toBeGreaterThan(0.6);
    door.frame([]);
    expect(door.live()).toEqual([]);
  });
});

it('is not spoilt by an embedding that is no number', () => {
  const door = scene(galleryOf('ada'));
  door.frames(3, () => [ada()]);
  door.frame([ada(100, { embedding: embeddingOf('ada').fill(NaN) })]);
  door.frames(3, () => [ada()]);
  expect(door.told()).toEqual(['started', 'recognised ada']);
});

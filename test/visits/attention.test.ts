import { describe, expect, test } from 'vitest';
import { attention } from '../../server/visits/attention.js';
import { galleryOf, scene, type Someone } from './scene.js';

const ada = (x = 100, overall = 0.6): Someone => ({ who: 'ada', x, overall });

/** The camera of a scene, and the time of its latest frame. */
function camera(...people: string[]) {
  const it = scene(galleryOf(...people));
  return {
    ...it,
    events: it.events,
    latest: () => it.state.latestAt!,
    attention: (after = 0) => attention(it.state, it.state.latestAt! + after),
  };
}

describe('what is embedded again', () => {
  test('everybody until there is a verdict', () => {
    const door = camera('ada');
    door.frame([ada()]);
    expect(door.attention().map((face) => face.embedAbove)).toEqual([0]);
    door.frame([ada()]);
    expect(door.told()).toEqual(['started']);
    expect(door.attention().map((face) => face.embedAbove)).toEqual([0]);
  });

  test('nobody who is sure, until the recheck is due: then a good frame, at last any frame', () => {
    const door = camera('ada');
    door.frames(3, () => [ada()]);
    expect(door.told()).toEqual(['started', 'recognised ada']);
    expect(door.attention()[0].embedAbove).toBe(Infinity);
    expect(door.attention(2_900)[0].embedAbove).toBe(Infinity);
    expect(door.attention(3_100)[0].embedAbove).toBeCloseTo(0.54);
    expect(door.attention(4_100)[0].embedAbove).toBe(0);
  });

  test('somebody unknown sooner, for a known face may have turned to the camera', () => {
    const door = camera('ada');
    door.frames(9, () => [{ who: 'stranger', x: 100 }]);
    expect(door.told()).toEqual(['started', 'unknown']);
    expect(door.attention()[0].embedAbove).toBe(Infinity);
    expect(door.attention(1_100)[0].embedAbove).toBeLessThan(1);
  });

  test('who touches another, however sure both are', () => {
    const door = camera('ada', 'bo');
    door.frames(4, () => [ada(100), { who: 'bo', x: 600 }]);
    expect(door.attention().map((face) => face.embedAbove)).toEqual([Infinity, Infinity]);
    door.frame([ada(100), { who: 'bo', x: 190 }]);
    expect(door.attention().map((face) => face.embedAbove)).toEqual([0, 0]);
  });

  test('at once, frame after frame, when a recheck names somebody else', () => {
    const door = camera('ada', 'bo');
    door.frames(4, () => [ada()]);
    door.frame([{ who: 'bo', x: 100 }]);
    expect(door.attention()[0].embedAbove).toBe(0);
  });

  test('where the face will be, not where it was', () => {
    const door = camera('ada');
    door.frames(6, (n) => [ada(100 + 20 * n)], 100);
    expect(door.attention(100)[0].box.x).toBeGreaterThan(205);
  });
});

describe('faces that were not embedded', () => {
  const followedOnly = (x: number): Someone => ({ who: 'ada', x, embedding: null });

  test('keep a sure track going by their place, with its name and last distance', () => {
    const door = camera('ada');
    door.frames(3, () => [ada(100)]);
    door.frames(20, (n) => [followedOnly(100 + 6 * n)]);
    door.frame([ada(220)]);
    expect(door.told()).toEqual(['started', 'recognised ada']);
    const [live] = door.live();
    expect(live).toMatchObject({ status: 'recognised', person: { id: 'ada' } });
    expect(live.distance).toBeCloseTo(0.3);
    door.wait(10_000);
    expect(door.told()).toEqual(['started', 'recognised ada', 'ended ada']);
    expect(door.visits()).toBe(1);
  });

  test('are no votes: three of them after two looks decide nothing', () => {
    const door = camera('ada');
    door.frames(2, () => [ada()]);
    door.frames(3, () => [followedOnly(100)]);
    expect(door.told()).toEqual(['started']);
    door.frame([ada()]);
    expect(door.told()).toEqual(['started', 'recognised ada']);
  });

  test('are unknown after a while where nothing better comes, and known when it does', () => {
    const door = camera('ada');
    door.frames(25, () => [followedOnly(100)], 200);
    expect(door.told()).toEqual(['started']);
    door.frames(10, () => [followedOnly(100)], 200);
    expect(door.told()).toEqual(['started', 'unknown']);
    expect(door.events.at(-1)).toMatchObject({ distance: null, candidates: [] });
    door.frames(6, () => [ada()], 200);
    expect(door.told()).toEqual(['started', 'unknown', 'ended', 'started', 'recognised ada']);
  });

  test('do not take a track that is far from them', () => {
    const door = camera('ada');
    door.frames(3, () => [ada(100)]);
    door.frames(3, () => [followedOnly(900)]);
    expect(door.visits()).toBe(2);
  });
});

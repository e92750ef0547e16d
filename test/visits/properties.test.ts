import { describe, expect, it } from 'vitest';
import type { Draft, VisitEvent } from '../../server/events/event.js';
import { galleryOf, randomly, scene, type Someone } from './scene.js';

/** What holds of any sequence of events, whatever happened before the camera. */
function expectOrder(events: readonly Draft<VisitEvent>[], allEnded: boolean): void {
  const visits = new Map<string, string[]>();
  for (const { visit, type } of events) visits.set(visit, [...(visits.get(visit) ?? []), type]);
  for (const types of visits.values()) {
    expect(types[0]).toBe('visit.started');
    expect(types.filter((type) => type === 'visit.started')).toHaveLength(1);
    expect(
      types.filter((type) => type === 'visit.recognised' || type === 'visit.unknown').length,
    ).toBeLessThan(2);
    expect(types.filter((type) => type === 'visit.ended')).toHaveLength(
      allEnded ? 1 : types.includes('visit.ended') ? 1 : 0,
    );
    if (types.includes('visit.ended')) expect(types.at(-1)).toBe('visit.ended');
  }
  for (const event of events) {
    if (event.type === 'visit.recognised') {
      expect(event.distance).toBeLessThanOrEqual(event.threshold);
      expect(event.candidates[0].person).toEqual(event.person);
      expect(event.candidates[0].distance).toBe(event.distance);
    }
    if (event.type === 'visit.ended') expect(event.durationMs).toBeGreaterThanOrEqual(0);
  }
}

describe('any day at the door', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))('keeps the order of every visit (%i)', (seed) => {
    const random = randomly(seed);
    const names = ['ada', 'bo', 'cy', 'dee', 'stranger', 'other'];
    const door = scene(galleryOf('ada', 'bo', 'cy', 'dee'));
    const there = new Map<string, { x: number; speed: number; distance: number }>();
    for (let n = 0; n < 300; n += 1) {
      for (const who of names) {
        if (!there.has(who) && random() < 0.02) {
          there.set(who, {
            x: random() * 1200,
            speed: (random() - 0.5) * 60,
            distance: 0.2 + random() * 0.5,
          });
        } else if (random() < 0.02) there.delete(who);
      }
      const people: Someone[] = [];
      for (const [who, at] of there) {
        at.x += at.speed;
        // Overlooked, shown badly, or taken for somebody else, now and then.
        const chance = random();
        if (chance < 0.15) continue;
        const seen = chance < 0.2 ? names[Math.floor(random() * names.length)] : who;
        people.push({
          who: seen,
          x: at.x,
          distance: chance < 0.3 ? 0.8 : at.distance,
          score: 0.5 + random() / 2,
        });
      }
      const chance = random();
      if (chance < 0.02) door.wait(random() * 10_000);
      else if (chance < 0.025) door.end();
      door.frame(people, chance > 0.98 ? 2_000 : 150 + random() * 100);
      expect(door.live()).toHaveLength(people.length);
    }
    door.end();
    expectOrder(door.events, true);
    expect(door.state.stays).toEqual([]);
    expect(door.visits()).toBeGreaterThan(3);
  });

  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'loses nobody who can be seen, and tells each once (%i)',
    (seed) => {
      const random = randomly(seed + 100);
      const known = Array.from({ length: 6 }, (_, n) => `known-${n}`);
      const unknown = ['stranger-0', 'stranger-1'];
      const door = scene(galleryOf(...known));
      // Everybody comes once, at another time and another place, and stays for at least twelve frames.
      const plans = [...known, ...unknown].map((who) => {
        const from = Math.floor(random() * 100);
        return {
          who,
          from,
          to: from + 12 + Math.floor(random() * 60),
          x: random() * 1100,
          y: random() * 500,
          speed: (random() - 0.5) * 20,
        };
      });
      door.frames(180, (n) =>
        plans
          .filter(({ from, to }) => n >= from && n < to)
          // One frame in ten overlooks the face, but not the first twelve.
          .filter(({ from }) => n < from + 12 || random() > 0.1)
          .map(({ who, from, x, y, speed }) => ({
            who,
            x: x + (n - from) * speed,
            y,
            distance: 0.2 + random() * 0.25,
          })),
      );
      door.end();
      const told = door.told();
      for (const who of known) expect(told.filter((line) => line === `recognised ${who}`)).toHaveLength(1);
      expect(told.filter((line) => line === 'unknown')).toHaveLength(2);
      expect(told.filter((line) => line === 'started')).toHaveLength(8);
      expect(told).toHaveLength(24);
    },
  );
});

it('keeps thirty people apart who mill about', () => {
  const random = randomly(1);
  const crowd = Array.from({ length: 30 }, (_, n) => ({
    who: `p${n}`,
    x: (n % 6) * 200,
    y: Math.floor(n / 6) * 140,
    width: 60,
  }));
  const door = scene(galleryOf(...crowd.slice(0, 20).map(({ who }) => who)));
  const from = process.cpuUsage();
  door.frames(100, () =>
    crowd
      .map((one) => {
        one.x += (random() - 0.5) * 60;
        one.y += (random() - 0.5) * 60;
        return { ...one, distance: 0.2 + random() * 0.2 };
      })
      .filter(() => random() > 0.1)
      .sort(() => random() - 0.5),
  );
  const { user, system } = process.cpuUsage(from);
  const perFrame = (user + system) / 1000 / 100;
  door.end();
  const told = door.told();
  expect(told.filter((line) => line === 'started')).toHaveLength(30);
  expect(told.filter((line) => line.startsWith('recognised'))).toHaveLength(20);
  expect(new Set(told.filter((line) => line.startsWith('recognised'))).size).toBe(20);
  expect(told.filter((line) => line === 'unknown')).toHaveLength(10);
  expect(told).toHaveLength(90);
  // Processor time, ms, matching included: how busy the machine is says nothing about it.
  expect(perFrame).toBeLessThan(40);
});

it('gives no id twice, over restarts too', () => {
  const ids = ['one', 'two'].flatMap((run) => {
    const door = scene(galleryOf('ada'), {}, run);
    for (let n = 0; n < 50; n += 1) {
      door.frames(3, () => [{ who: 'ada', x: 100 }]);
      door.wait(9_000);
    }
    return door.events.filter(({ type }) => type === 'visit.started').map(({ visit }) => visit);
  });
  expect(ids).toHaveLength(100);
  expect(new Set(ids).size).toBe(100);
});

it.each([
  [{ agreeingFrames: 1 }, ['started', 'recognised ada'], 2],
  [{ agreeingFrames: 10 }, ['started', 'recognised ada'], 10],
  [{ confirmingFrames: 1, agreeingFrames: 1 }, ['started', 'recognised ada'], 1],
])('decides as the operator set it: %j', (options, told, frames) => {
  const door = scene(galleryOf('ada'), options);
  door.frames(frames - 1, () => [{ who: 'ada', x: 100 }]);
  expect(door.told()).not.toContain('recognised ada');
  door.frame([{ who: 'ada', x: 100 }]);
  expect(door.told()).toEqual(told);
});

import { describe, expect, it } from 'vitest';
import { standingAt } from '../../server/demo/choreography.js';
import { demoPeople, demoStrangers } from '../../server/demo/people.js';
import { castAt } from '../../server/demo/render-scene.js';
import { demoScenes } from '../../server/demo/scene.js';

const known = new Set(demoPeople.map(({ id }) => id));
const unknown = new Set(demoStrangers.map(({ id }) => id));

describe.each(demoScenes.map((scene) => ({ id: scene.id, scene })))('scene $id', ({ scene }) => {
  it('loops within 30 to 45 seconds, with nobody in view where it starts anew', () => {
    expect(scene.seconds).toBeGreaterThanOrEqual(30);
    expect(scene.seconds).toBeLessThanOrEqual(45);
    expect(castAt(scene, 0)).toEqual([]);
    expect(castAt(scene, scene.seconds)).toEqual([]);
    for (const way of scene.appearances)
      expect(way.at + way.walkIn + way.stay + way.walkOut).toBeLessThan(scene.seconds);
  });

  it('shows people that are drawn, each once a loop and away for more than six seconds', () => {
    const ids = scene.appearances.map(({ person }) => person);
    expect(new Set(ids).size).toBe(ids.length);
    for (const way of scene.appearances) {
      expect(known.has(way.person) || unknown.has(way.person)).toBe(true);
      expect(scene.seconds - (way.walkIn + way.stay + way.walkOut)).toBeGreaterThan(6);
    }
  });

  it('lets faces stand large enough to be found, apart from each other and inside the picture', () => {
    for (let time = 0; time < scene.seconds; time += 0.1) {
      const standing = castAt(scene, time).filter(
        ({ way }) => time > way.at + way.walkIn && time < way.at + way.walkIn + way.stay,
      );
      for (const { standing: at } of standing) {
        expect(at.size).toBeGreaterThanOrEqual(110);
        expect(at.size).toBeLessThanOrEqual(220);
        expect(at.x - at.size).toBeGreaterThan(0);
        expect(at.x + at.size).toBeLessThan(1280);
        expect(at.y - at.size).toBeGreaterThan(0);
      }
      const places = standing.map(({ standing: at }) => at.x).sort((left, right) => left - right);
      for (let index = 1; index < places.length; index++)
        expect(places[index] - places[index - 1]).toBeGreaterThan(220);
    }
  });
});

describe('the scenes together', () => {
  it('show somebody known within two seconds on the first camera', () => {
    const [way] = demoScenes[0].appearances;
    expect(known.has(way.person)).toBe(true);
    const standing = standingAt(way, 1.9);
    expect(standing!.x).toBeGreaterThan(200);
  });

  it('show two people at once, and strangers', () => {
    const most = (scene: (typeof demoScenes)[number]) =>
      Math.max(...Array.from({ length: scene.seconds }, (_, time) => castAt(scene, time).length));
    expect(Math.max(...demoScenes.map(most))).toBeGreaterThanOrEqual(2);
    expect(demoScenes.some(({ appearances }) => appearances.some(({ person }) => unknown.has(person)))).toBe(
      true,
    );
  });

  it('have loops of different lengths, so that the cameras drift apart', () => {
    expect(new Set(demoScenes.map(({ seconds }) => seconds)).size).toBe(demoScenes.length);
  });
});

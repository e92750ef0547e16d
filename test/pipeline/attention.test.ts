import { NEVER } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { newFrame } from '../../server/frames/frame.js';
import { FreshestFrame } from '../../server/frames/freshest.js';
import { lumaGrid } from '../../server/frames/luma-grid.js';
import { everything } from '../../server/frames/watched-areas.js';
import { cameraAttention } from '../../server/pipeline/attention.js';
import { CameraRoster } from '../../server/pipeline/camera-roster.js';
import type { LookedAt } from '../../server/pipeline/counters.js';
import { galleryOf, scene } from '../visits/scene.js';
import { fakeClock } from '../fixtures/fake-clock.js';

const SIZE = { width: 1280, height: 720 };

/** A camera whose pictures are a grey wall, with a lighter square on it where the test says. */
function camera(areas = everything, attend = () => {}) {
  const clock = fakeClock();
  const slot = new FreshestFrame('door', SIZE, clock);
  const told: [where: LookedAt, moved: boolean][] = [];
  const attention = cameraAttention({
    cameras: new CameraRoster([
      {
        ...{ id: 'door', slot, status: NEVER, threshold: 0.5, profile: 'accurate', liveness: 'off' },
        ...{ areas, attend },
      },
    ]),
    clock,
    counters: { looked: (_, where, moved) => told.push([where, moved]) },
  });
  return {
    clock,
    attention,
    told,
    slot,
    look: (square: { x: number; y: number } | null, ms = 100, isFirst = false) => {
      clock.advance(ms);
      slot.writing.planes.fill(100);
      if (square)
        for (let y = square.y; y < square.y + 120; y += 1)
          slot.writing.planes.fill(180, y * SIZE.width + square.x, y * SIZE.width + square.x + 120);
      slot.publish(undefined, isFirst);
      const frame = slot.take()!;
      const options = attention.lookAt(frame);
      frame.release();
      return options;
    },
  };
}

describe('the attention of a camera', () => {
  test('is the whole of its first frame, and then of one every two seconds', () => {
    const { look } = camera();
    expect(look(null)).toMatchObject({ regions: null, profile: 'accurate', poor: 'skip', followed: [] });
    const looks = Array.from({ length: 40 }, () => look(null));
    expect(looks.filter((options) => options !== null)).toHaveLength(2);
    expect(looks[19]).toMatchObject({ regions: null });
    expect(looks[39]).toMatchObject({ regions: null });
  });

  test('is the whole of the first frame after its camera was lost, though it looks as before', () => {
    const { look } = camera();
    look(null);
    expect(look(null)).toBeNull();
    expect(look(null, 100, true)).toMatchObject({ regions: null });
    expect(look(null)).toBeNull();
  });

  test('is the whole less often where nothing has moved for ten seconds, and as often as before once something did', () => {
    const { look, told } = camera();
    const wholes = (seconds: number, square: { x: number; y: number } | null = null) => {
      const before = told.length;
      for (let n = 0; n < seconds * 2; n += 1) look(square, 500);
      return told.slice(before).filter(([where]) => where === 'whole').length;
    };
    wholes(10);
    expect(wholes(60)).toBe(6);
    expect(wholes(10, { x: 300, y: 240 })).toBeGreaterThanOrEqual(4);
  });

  test('is the whole less often only while nobody is followed', () => {
    const { look, attention, told } = camera();
    const door = scene(galleryOf('ada'));
    look(null);
    look(null, 20_000);
    door.frames(3, () => [{ who: 'ada', x: 300 }]);
    attention.follow('door', door.state);
    look(null, 2_000);
    look(null, 2_000);
    expect(told.map(([where]) => where)).toEqual(['whole', 'whole', 'whole', 'whole']);
  });

  test('is where something moved, for a second longer than it moved', () => {
    const { look } = camera();
    look(null);
    const came = look({ x: 300, y: 240 })!;
    expect(came.regions).toHaveLength(1);
    const [{ x, y, width, height }] = came.regions!;
    expect(x < 300 && y < 240 && x + width > 420 && y + height > 360).toBe(true);
    expect(width * height).toBeLessThan(SIZE.width * SIZE.height * 0.25);
    for (let ms = 100; ms <= 1000; ms += 100) expect(look({ x: 300, y: 240 })).not.toBeNull();
    expect(look({ x: 300, y: 240 })).toBeNull();
  });

  test('tells how each frame is looked at, and whether something moved in it', () => {
    const { look, told } = camera();
    look(null);
    look(null);
    look({ x: 300, y: 240 });
    expect(told).toEqual([
      ['whole', false],
      ['skipped', false],
      ['regions', true],
    ]);
  });

  test('is where the grid that came with a frame says that something moved, without a look at its pixels', () => {
    const { look, slot } = camera();
    const square = (x: number) => {
      const picture = newFrame(SIZE);
      for (let y = 240; y < 360; y += 1)
        picture.planes.fill(180, y * SIZE.width + x, y * SIZE.width + x + 120);
      return lumaGrid(picture);
    };
    slot.writing.grid = square(300);
    look(null);
    slot.writing.grid = square(700);
    expect(look(null)!.regions).toHaveLength(2);
  });

  test('is not caught by what moves under a mask', () => {
    const top = [
      [0, 0],
      [1, 0],
      [1, 0.55],
      [0, 0.55],
    ] as const;
    const { look } = camera({ ...everything, masks: [top] });
    look(null);
    expect(look({ x: 300, y: 240 })).toBeNull();
    expect(look({ x: 300, y: 500 })).toMatchObject({ regions: [{}] });
  });

  test('is the whole again after a frame was lost, though nothing moves any more', () => {
    const { look, attention } = camera();
    look(null);
    look({ x: 300, y: 240 });
    attention.lost('door');
    expect(look({ x: 300, y: 240 })).toMatchObject({ regions: null });
  });

  test('stays with somebody who is followed and stands still', () => {
    const { look, attention } = camera();
    const door = scene(galleryOf('ada'));
    door.frames(3, () => [{ who: 'ada', x: 300 }]);
    look(null);
    attention.follow('door', door.state);
    const options = look(null)!;
    expect(options.regions).toHaveLength(1);
    expect(options.followed).toHaveLength(1);
    door.wait(60_000);
    attention.follow('door', door.state);
    expect(look(null)).toBeNull();
  });

  test('keeps the camera awake as long as somebody is followed, and no longer', () => {
    let attended = 0;
    const { attention } = camera(everything, () => (attended += 1));
    const door = scene(galleryOf('ada'));
    attention.follow('door', door.state);
    expect(attended).toBe(0);
    door.frame([{ who: 'ada', x: 300 }]);
    attention.follow('door', door.state);
    expect(attended).toBe(1);
    door.wait(60_000);
    attention.follow('door', door.state);
    expect(attended).toBe(1);
  });

  test('is the place of somebody who was missed, for two seconds', () => {
    const { look, attention } = camera();
    const door = scene(galleryOf('ada'));
    door.frames(3, () => [{ who: 'ada', x: 300 }]);
    door.frame([]);
    look(null);
    attention.follow('door', door.state);
    expect(look(null)).toMatchObject({ followed: [{ embedAbove: 0 }], regions: [{}] });
    look(null, 4_000);
    expect(look(null)).toBeNull();
  });
});

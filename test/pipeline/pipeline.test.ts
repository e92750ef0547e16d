import { firstValueFrom, NEVER } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { GatehouseError } from '../../server/base/errors.js';
import { isVisitEvent, type GatehouseEvent } from '../../server/events/event.js';
import type { Polygon } from '../../server/frames/polygon.js';
import { ADA, embedding, faceOf, house, settle, SKULI, STRANGER } from './house.js';

/** The part of the frame between two columns, each 0 to 1. */
const columns = (left: number, right: number): Polygon => [
  [left, 0],
  [right, 0],
  [right, 1],
  [left, 1],
];

describe('the pipeline', () => {
  test('a person walks in, is recognised once, greeted, and leaves', async () => {
    const { see, frames, clock, events, types } = house(['door']);
    see([faceOf(SKULI)]);
    await frames(10);
    clock.advance(1_000);
    await settle();
    see([]);
    await frames(2);
    clock.advance(10_000);
    await settle();
    expect(types()).toEqual(['visit.started', 'visit.recognised', 'greeting', 'visit.ended']);
    const recognised = events[1] as Extract<GatehouseEvent, { type: 'visit.recognised' }>;
    expect(recognised).toMatchObject({
      camera: 'door',
      person: { id: 'skuli', name: 'Skuli' },
      distance: 0,
      threshold: 0.5,
      frame: { width: 64, height: 36 },
      snapshot: `/api/visits/${recognised.visit}/snapshot.jpg`,
    });
    expect(recognised.candidates.map((candidate) => candidate.person.id)).toEqual(['skuli', 'ada']);
    expect(events[2]).toMatchObject({ text: 'Welcome Skuli', visits: [recognised.visit] });
  });

  test('a stranger is unknown, and greeted by nobody', async () => {
    const { see, frames, types, events } = house(['door']);
    see([faceOf(STRANGER)]);
    await frames(30);
    expect(types()).toEqual(['visit.started', 'visit.unknown']);
    expect(events[1]).toMatchObject({ person: null });
  });

  test('every event is written before it is sent', async () => {
    const { see, frames, trace } = house(['door']);
    see([faceOf(SKULI, 4), faceOf(ADA, 40)]);
    await frames(5);
    expect(trace.length).toBeGreaterThan(6);
    for (const word of trace.filter((each) => each.startsWith('sent'))) {
      expect(trace.indexOf(word.replace('sent', 'written'))).toBeLessThan(trace.indexOf(word));
    }
  });

  test('what it does is told: frames of workers, searches, and each event once it was sent', async () => {
    const { see, frames, worked, searched, announced, events } = house(['door']);
    see([faceOf(SKULI)]);
    await frames(5);
    expect(worked).toHaveLength(5);
    expect(worked[0]).toEqual([['door'], [0.02]]);
    expect(searched).toEqual([0, 0, 0, 0, 0]);
    expect(announced.map(({ event }) => event)).toEqual(events);
    expect(events.map(({ type }) => type)).toEqual(['visit.started', 'visit.recognised']);
  });

  test('every frame goes back to its camera, and is shown with its own faces', async () => {
    const { see, frames, slots, shown } = house(['door']);
    see([faceOf(SKULI)]);
    await frames(50);
    expect(slots[0].held).toBe(false);
    expect(slots[0].dropped).toBe(0);
    expect(shown.map((header) => header.sequence)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
    expect(shown.at(-1)!.faces).toMatchObject([
      { status: 'recognised', person: { id: 'skuli' }, distance: 0 },
    ]);
  });

  test('an engine that fails on a batch loses its frames, counted, and the next is none the wiser', async () => {
    const { see, fail, frame, frames, lost, slots, types } = house(['door']);
    see([faceOf(SKULI)]);
    fail(new GatehouseError('ENGINE_FAILED', 'a worker died', 'It is replaced.'));
    await frame();
    expect(lost).toEqual([['door', 'engine', 'ENGINE_FAILED']]);
    expect(slots[0].held).toBe(false);
    fail(null);
    await frames(4);
    expect(types()).toEqual(['visit.started', 'visit.recognised']);
  });

  test('a frame that the engine refuses is lost alone: counted, given back, not shown, its neighbour seen', async () => {
    const { see, refuse, lost, shown, slots, clock } = house(['door', 'gate']);
    see([faceOf(SKULI)]);
    refuse(0, new GatehouseError('OUTPUT_INVALID', 'No numbers.', 'Try another engine.'));
    clock.advance(100);
    slots.forEach((slot) => slot.publish());
    await settle();
    expect(lost).toEqual([['door', 'poisoned', 'OUTPUT_INVALID']]);
    expect(shown.map(({ camera }) => camera)).toEqual(['gate']);
    expect(slots.map(({ held }) => held)).toEqual([false, false]);
  });

  test('a gallery that fails on a frame loses it, counted, and the next is none the wiser', async () => {
    const { see, failGallery, frame, frames, lost, slots, types } = house(['door']);
    see([faceOf(SKULI)]);
    failGallery(new GatehouseError('GALLERY_FAILED', 'its thread died', 'It is started anew.'));
    await frame();
    expect(lost).toEqual([['door', 'gallery', 'GALLERY_FAILED']]);
    expect(slots[0].held).toBe(false);
    failGallery(null);
    await frames(4);
    expect(types()).toEqual(['visit.started', 'visit.recognised']);
  });

  test('a frame without an embedded face does not wait for the gallery', async () => {
    const { see, holdGallery, frame, shown, slots } = house(['door']);
    holdGallery(firstValueFrom(NEVER));
    see([]);
    await frame();
    see([{ ...faceOf(SKULI), embedding: null }]);
    await frame();
    expect(shown).toHaveLength(2);
    expect(slots[0].held).toBe(false);
  });

  test.each(['warn', 'require'] as const)(
    'a face that looks like a picture, at a camera that says %s',
    async (policy) => {
      const { see, frames, events, types } = house(['door'], policy);
      const liveness = { real: 0.1, live: 0.4, score: 0.2, passed: false };
      see([{ ...faceOf(SKULI), liveness }]);
      await frames(25);
      const verdict = policy === 'warn' ? 'visit.recognised' : 'visit.unknown';
      expect(types().slice(0, 2)).toEqual(['visit.started', verdict]);
      expect(events[1]).toMatchObject({ distance: 0, liveness });
    },
  );

  test('a poster is nobody, and who stands in a zone is told with it', async () => {
    const { see, frames, events, shown, holdGallery } = house(['door'], 'off', {
      masks: [],
      // The frame is 64 pixels wide.
      zones: [{ name: 'counter', area: columns(0, 0.6) }],
      ignoreFaces: [columns(0, 0.3)],
    });
    const [poster, atTheCounter, beyond] = [faceOf(ADA, 2), faceOf(SKULI, 20), faceOf(STRANGER, 44)];
    see([poster, atTheCounter, beyond]);
    await frames(10);
    const visits = events.filter((event) => isVisitEvent(event));
    expect(visits.map(({ type, zone, person }) => [type, zone, person?.id])).toEqual([
      ['visit.started', 'counter', undefined],
      ['visit.recognised', 'counter', 'skuli'],
    ]);
    expect(shown.at(-1)!.faces).toHaveLength(1);
    // They are left out before the gallery is asked: it is not waited for.
    holdGallery(firstValueFrom(NEVER));
    const before = shown.length;
    see([poster, beyond]);
    await frames(1);
    expect(shown).toHaveLength(before + 1);
  });

  test('a frame that waits for the gallery when everything stops is given back', async () => {
    const { see, holdGallery, frame, slots, stop } = house(['door']);
    see([faceOf(SKULI)]);
    holdGallery(firstValueFrom(NEVER));
    await frame();
    expect(slots[0].held).toBe(true);
    expect(await stop()).toBe(true);
    expect(slots[0].held).toBe(false);
  });

  test('a wall clock that is set changes no visit, no greeting and no order', async () => {
    const { see, frames, clock, events, types } = house(['door']);
    const start = clock.wall();
    const leave = async () => {
      see([]);
      await frames(2);
      clock.advance(10_000);
      await settle();
    };
    const come = async () => {
      see([faceOf(SKULI)]);
      await frames(10);
      clock.advance(1_000);
      await settle();
    };
    await come();
    expect(types()).toEqual(['visit.started', 'visit.recognised', 'greeting']);
    // Back an hour in the middle of a visit: it neither ends at once nor never.
    clock.setWall(start - 3_600_000);
    await frames(5);
    expect(types()).toHaveLength(3);
    await leave();
    expect(types().slice(3)).toEqual(['visit.ended']);
    // Within the cooldown by the time that passed, whatever the wall says.
    clock.setWall(start + 24 * 3_600_000);
    await come();
    await leave();
    expect(types().slice(4)).toEqual(['visit.started', 'visit.recognised', 'visit.ended']);
    clock.setWall(start - 3_600_000);
    clock.advance(60_000);
    await come();
    expect(types().slice(7)).toEqual(['visit.started', 'visit.recognised', 'greeting']);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  });

  test('a snapshot that the disk does not take in time holds no event up', async () => {
    const { see, frames, clock, types, events, holdSnapshots } = house(['door']);
    holdSnapshots(firstValueFrom(NEVER));
    see([faceOf(SKULI)]);
    await frames(10);
    expect(types()).toEqual([]);
    clock.advance(2_000);
    await settle();
    await settle();
    expect(types().slice(0, 2)).toEqual(['visit.started', 'visit.recognised']);
    expect(events[1]).toMatchObject({ snapshot: null });
  });

  test('cameras do not mix: one person each, one visit each', async () => {
    const { see, frames, events } = house(['door', 'gate']);
    see([faceOf(SKULI)]);
    await frames(5, 0);
    see([faceOf(ADA)]);
    await frames(5, 1);
    const verdicts = events.filter((event) => event.type === 'visit.recognised');
    expect(verdicts.map((event) => [event.camera, event.person.id])).toEqual([
      ['door', 'skuli'],
      ['gate', 'ada'],
    ]);
  });

  test('a camera tells its changes of state, not of its frame rate', async () => {
    const { status, events } = house(['door']);
    const live = { state: 'live' as const, reason: null, code: null };
    status.next({ ...live, fps: 5 });
    status.next({ ...live, fps: 6 });
    status.next({
      state: 'reconnecting',
      reason: 'The camera closed the connection.',
      code: 'CAMERA_DROPPED',
      fps: 0,
    });
    await settle();
    expect(events).toMatchObject([
      { type: 'camera.state', camera: 'door', state: 'live', reason: null },
      { type: 'camera.state', state: 'reconnecting', code: 'CAMERA_DROPPED' },
    ]);
  });

  test('a camera that comes is looked at; one that goes ends its visits, and the other goes on', async () => {
    const { roster, slotOf, stageOf, slots, see, frames, events, types, shown } = house(['door']);
    slots.push(slotOf('gate'));
    roster.add(stageOf(slots[1]));
    see([faceOf(SKULI)]);
    await frames(5, 0);
    await frames(5, 1);
    roster.remove('door');
    await settle();
    expect(events.at(-1)).toMatchObject({ type: 'visit.ended', camera: 'door', person: { id: 'skuli' } });
    await frames(3, 0);
    await frames(3, 1);
    expect(types().filter((type) => type !== 'greeting')).toEqual([
      'visit.started',
      'visit.recognised',
      'visit.started',
      'visit.recognised',
      'visit.ended',
    ]);
    const ofGate = shown.filter(({ camera }) => camera === 'gate').map(({ sequence }) => sequence);
    expect(ofGate).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(shown.filter(({ camera }) => camera === 'door')).toHaveLength(5);
  });

  test('the next life of a camera has visits of its own, and none of the frames of the one before', async () => {
    const { roster, slotOf, stageOf, slots, see, frame, frames, holdGallery, events, shown } = house([
      'door',
    ]);
    see([faceOf(SKULI)]);
    await frames(4);
    let answer = (): void => undefined;
    holdGallery(new Promise<void>((resolve) => (answer = resolve)));
    await frame();
    const before = slots[0];
    expect(before.held).toBe(true);
    roster.remove('door');
    slots[0] = slotOf('door');
    roster.add(stageOf(slots[0]));
    answer();
    await settle();
    expect(before.held).toBe(false);
    expect(shown).toHaveLength(4);
    await frames(4);
    expect(shown.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
    const visits = events.flatMap((event) => (event.type === 'visit.recognised' ? [event.visit] : []));
    expect(new Set(visits).size).toBe(2);
  });

  test('what is set for a camera counts from its next frame on', async () => {
    const settings = { threshold: 0.5 };
    const { roster, slotOf, stageOf, slots, see, frames, events } = house([]);
    slots.push(slotOf('door'));
    const stage = stageOf(slots[0]);
    roster.add(Object.defineProperty(stage, 'threshold', { get: () => settings.threshold }));
    see([faceOf(embedding(0.03))]);
    settings.threshold = 0.2;
    await frames(20);
    expect(events[1]).toMatchObject({ type: 'visit.unknown', threshold: 0.2 });
    settings.threshold = 0.5;
    await frames(40);
    expect(events.find(({ type }) => type === 'visit.recognised')).toMatchObject({ threshold: 0.5 });
  });

  test('a house without a camera waits for one, and stops', async () => {
    const { stop } = house([]);
    expect(await stop()).toBe(true);
  });

  test('stopping ends the visits under way and completes', async () => {
    const { see, frames, stop, types } = house(['door']);
    see([faceOf(SKULI)]);
    await frames(5);
    expect(await stop()).toBe(true);
    expect(types()).toEqual(['visit.started', 'visit.recognised', 'visit.ended']);
  });
});

import { firstValueFrom, NEVER, ReplaySubject, Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { GatehouseError } from '../../server/base/errors.js';
import { silentLog } from '../../server/base/log.js';
import type { CameraStatus } from '../../server/cameras/camera.js';
import { isVisitEvent, type Draft, type GatehouseEvent } from '../../server/events/event.js';
import type { LiveHeader } from '../../server/events/live.js';
import { EMBEDDING_LENGTH, type Face } from '../../server/faces/face.js';
import type { LivenessPolicy } from '../../server/faces/liveness-policy.js';
import type { Picture } from '../../server/frames/frame.js';
import { FreshestFrame } from '../../server/frames/freshest.js';
import type { Polygon } from '../../server/frames/polygon.js';
import { everything, type WatchedAreas } from '../../server/frames/watched-areas.js';
import type { IdentityChange } from '../../server/identities/changes.js';
import { nearestMembers } from '../../server/identities/gallery/loop-index.js';
import { matchOf } from '../../server/identities/match.js';
import { pipeline } from '../../server/pipeline.js';
import { fakeClock } from '../fixtures/fake-clock.js';

const NETWORK = 'test';

/** An embedding that is all one number: two of them are |a - b| * sqrt(128) apart. */
const embedding = (value: number) => new Float32Array(EMBEDDING_LENGTH).fill(value);
const SKULI = embedding(0);
const ADA = embedding(0.1);
const STRANGER = embedding(0.3);

const faceOf = (vector: Float32Array, x = 10): Face => ({
  box: { x, y: 10, width: 20, height: 20 },
  score: 0.9,
  landmarks: new Float32Array(136),
  quality: null,
  embedding: vector,
  liveness: null,
});

/** The part of the frame between two columns, each 0 to 1. */
const columns = (left: number, right: number): Polygon => [
  [left, 0],
  [right, 0],
  [right, 1],
  [left, 1],
];

/** Lets promises settle; time itself stands still. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

/** The whole pipeline over an engine that sees what the test says. */
function house(cameraIds: string[], liveness: LivenessPolicy = 'off', areas: WatchedAreas = everything) {
  const clock = fakeClock();
  const slots = cameraIds.map((id) => new FreshestFrame(id, { width: 64, height: 36 }, clock));
  const status = new Subject<CameraStatus>();
  const changes = new Subject<IdentityChange>();
  const stopping = new ReplaySubject<void>(1);
  const gallery = [
    { id: 'skuli', name: 'Skuli', embeddings: [SKULI] },
    { id: 'ada', name: 'Ada', embeddings: [ADA] },
  ];
  let galleryFails: Error | null = null;
  let galleryWaits: Promise<unknown> = Promise.resolve();
  let sees: (picture: Picture) => Face[] = () => [];
  let fails: Error | null = null;
  const trace: string[] = [];
  const shown: LiveHeader[] = [];
  const lost: string[] = [];
  const events: GatehouseEvent[] = [];
  let seq = 0;
  let completed = false;
  pipeline({
    cameras: slots.map((slot) => ({
      id: slot.camera,
      slot,
      status: slot === slots[0] ? status : NEVER,
      threshold: 0.5,
      profile: 'balanced',
      liveness,
      areas,
    })),
    batch: { count: 4, deadlineMs: 10, concurrency: 1 },
    recogniser: {
      description: 'test',
      network: NETWORK,
      embeddingLength: 128,
      defaultThreshold: 0.5,
      concurrency: 1,
      failing: null,
      recognise: (pictures) =>
        fails ? Promise.reject(fails) : Promise.resolve(pictures.map((picture) => sees(picture))),
      close: () => Promise.resolve(),
    },
    identities: {
      match: async (probes, threshold) => {
        await galleryWaits;
        if (galleryFails) throw galleryFails;
        return probes.map((probe) => matchOf(nearestMembers(gallery, probe, 5), threshold));
      },
      changes,
    },
    visits: {},
    run: 'run',
    greetings: {
      clock,
      greetingOf: () => ({
        kind: 'speech',
        phrase: 'Welcome {names}',
        language: 'en',
        voice: null,
        name: 'Door',
        volume: 1,
        cooldownMs: 60_000,
        gatherMs: 1_000,
        quietHours: null,
      }),
      soundOf: () => null,
    },
    live: { show: (_, header) => shown.push(header) },
    snapshots: { take: () => Promise.resolve(true) },
    journal: {
      append: (drafts: readonly Draft[]) => {
        const written = drafts.map((draft) => ({ ...draft, id: String(++seq), seq }));
        trace.push(...written.map((event) => `written ${event.seq}`));
        return Promise.resolve(written);
      },
    },
    outlets: [{ send: (event) => trace.push(`sent ${event.seq}`) }],
    counters: { recognised: () => undefined, lost: (camera) => lost.push(camera) },
    stopping,
    clock,
    log: silentLog,
  }).subscribe({ next: (event) => events.push(event), complete: () => (completed = true) });

  /** One frame of a camera, 100 ms after the one before, recognised and folded. */
  const frame = async (camera = 0): Promise<void> => {
    clock.advance(100);
    slots[camera].publish();
    clock.advance(10);
    await settle();
  };
  return {
    clock,
    slots,
    status,
    changes,
    events,
    trace,
    shown,
    lost,
    frame,
    frames: async (count: number, camera = 0) => {
      for (let index = 0; index < count; index++) await frame(camera);
    },
    see: (faces: Face[]) => (sees = () => faces),
    fail: (error: Error | null) => (fails = error),
    failGallery: (error: Error | null) => (galleryFails = error),
    holdGallery: (until: Promise<unknown>): void => void (galleryWaits = until),
    stop: async () => {
      stopping.next();
      status.complete();
      await settle();
      return completed;
    },
    types: () => events.map((event) => event.type),
  };
}

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
    expect(lost).toEqual(['door']);
    expect(slots[0].held).toBe(false);
    fail(null);
    await frames(4);
    expect(types()).toEqual(['visit.started', 'visit.recognised']);
  });

  test('a gallery that fails on a frame loses it, counted, and the next is none the wiser', async () => {
    const { see, failGallery, frame, frames, lost, slots, types } = house(['door']);
    see([faceOf(SKULI)]);
    failGallery(new GatehouseError('GALLERY_FAILED', 'its thread died', 'It is started anew.'));
    await frame();
    expect(lost).toEqual(['door']);
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

  test('stopping ends the visits under way and completes', async () => {
    const { see, frames, stop, types } = house(['door']);
    see([faceOf(SKULI)]);
    await frames(5);
    expect(await stop()).toBe(true);
    expect(types()).toEqual(['visit.started', 'visit.recognised', 'visit.ended']);
  });
});

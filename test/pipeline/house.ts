import { NEVER, ReplaySubject, Subject } from 'rxjs';
import type { GatehouseError } from '../../server/base/errors.js';
import { silentLog } from '../../server/base/log.js';
import type { CameraStatus } from '../../server/cameras/camera.js';
import type { Draft, GatehouseEvent } from '../../server/events/event.js';
import type { LiveHeader } from '../../server/events/live.js';
import { EMBEDDING_LENGTH, type Face } from '../../server/faces/face.js';
import type { LivenessPolicy } from '../../server/faces/liveness-policy.js';
import type { Picture, YuvPicture } from '../../server/frames/frame.js';
import { FreshestFrame } from '../../server/frames/freshest.js';
import { everything, type WatchedAreas } from '../../server/frames/watched-areas.js';
import type { IdentityChange } from '../../server/identities/changes.js';
import { nearestMembers } from '../../server/identities/gallery/loop-index.js';
import { matchOf } from '../../server/identities/match.js';
import { pipeline } from '../../server/pipeline.js';
import { CameraRoster } from '../../server/pipeline/camera-roster.js';
import type { CameraStage } from '../../server/pipeline/stages.js';
import { fakeClock } from '../fixtures/fake-clock.js';

const NETWORK = 'test';

/** An embedding that is all one number: two of them are |a - b| * sqrt(128) apart. */
export const embedding = (value: number) => new Float32Array(EMBEDDING_LENGTH).fill(value);
/** Who the gallery knows, and somebody whom it does not. */
export const SKULI = embedding(0);
export const ADA = embedding(0.1);
export const STRANGER = embedding(0.3);

export const faceOf = (vector: Float32Array, x = 10): Face => ({
  box: { x, y: 10, width: 20, height: 20 },
  score: 0.9,
  landmarks: new Float32Array(136),
  quality: null,
  embedding: vector,
  liveness: null,
});

/** Lets promises settle; time itself stands still. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

/** The whole pipeline over an engine that sees what the test says. */
export function house(
  cameraIds: string[],
  liveness: LivenessPolicy = 'off',
  areas: WatchedAreas = everything,
) {
  const clock = fakeClock();
  const slotOf = (id: string) => new FreshestFrame(id, { width: 64, height: 36 }, clock);
  const slots = cameraIds.map(slotOf);
  const status = new Subject<CameraStatus>();
  const stageOf = (slot: FreshestFrame, own: Partial<CameraStage> = {}): CameraStage => ({
    id: slot.camera,
    slot,
    status: NEVER,
    threshold: 0.5,
    profile: 'balanced',
    liveness,
    areas,
    ...own,
  });
  const roster = new CameraRoster(slots.map((slot, index) => stageOf(slot, index === 0 ? { status } : {})));
  const changes = new Subject<IdentityChange>();
  const stopping = new ReplaySubject<void>(1);
  const gallery = [
    { id: 'skuli', name: 'Skuli', embeddings: [SKULI] },
    { id: 'ada', name: 'Ada', embeddings: [ADA] },
  ];
  let galleryFails: Error | null = null;
  let galleryWaits: Promise<unknown> = Promise.resolve();
  let snapshotWaits: Promise<unknown> = Promise.resolve();
  let sees: (picture: Picture | YuvPicture) => Face[] = () => [];
  let fails: Error | null = null;
  let refuses: { index: number; error: GatehouseError } | null = null;
  const trace: string[] = [];
  const shown: LiveHeader[] = [];
  const lost: [camera: string, where: string, code: string][] = [];
  const worked: [cameras: string[], seconds: readonly number[]][] = [];
  const searched: number[] = [];
  const announced: { event: GatehouseEvent; writtenMs: number }[] = [];
  const events: GatehouseEvent[] = [];
  let seq = 0;
  let completed = false;
  pipeline({
    cameras: roster,
    batch: { count: 4, deadlineMs: 10, concurrency: 1 },
    recogniser: {
      description: 'test',
      network: NETWORK,
      embeddingLength: 128,
      defaultThreshold: 0.5,
      concurrency: 1,
      failing: null,
      recognise: (pictures, _, told) => {
        if (fails) return Promise.reject(fails);
        if (refuses) told?.refused?.(refuses.index, refuses.error);
        told?.timed?.({ stages: [0.02, 0, 0, 0, 0], pictures: pictures.map(() => 0.02) });
        return Promise.resolve(
          pictures.map((picture, index) => (index === refuses?.index ? [] : sees(picture))),
        );
      },
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
    configEvents: NEVER,
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
    snapshots: { take: () => snapshotWaits.then(() => true) },
    journal: {
      append: (drafts: readonly Draft[]) => {
        const written = drafts.map((draft) => ({ ...draft, id: String(++seq), seq }));
        trace.push(...written.map((event) => `written ${event.seq}`));
        return Promise.resolve(written);
      },
    },
    outlets: [{ send: (event) => trace.push(`sent ${event.seq}`) }],
    counters: {
      looked: () => undefined,
      worked: (frames, { pictures }) => worked.push([frames.map((frame) => frame.camera), pictures]),
      searched: (ms) => searched.push(ms),
      recognised: () => undefined,
      lost: (...loss) => lost.push(loss),
      announced: (event, writtenMs) => announced.push({ event, writtenMs }),
    },
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
    roster,
    stageOf,
    slotOf,
    status,
    changes,
    events,
    trace,
    shown,
    lost,
    worked,
    searched,
    announced,
    frame,
    frames: async (count: number, camera = 0) => {
      for (let index = 0; index < count; index++) await frame(camera);
    },
    see: (faces: Face[]) => (sees = () => faces),
    fail: (error: Error | null) => (fails = error),
    refuse: (index: number, error: GatehouseError) => (refuses = { index, error }),
    failGallery: (error: Error | null) => (galleryFails = error),
    holdSnapshots: (until: Promise<unknown>): void => void (snapshotWaits = until),
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

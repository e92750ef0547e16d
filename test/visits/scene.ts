import { type Face, type Quality } from '../../server/faces/face.js';
import type { Member } from '../../server/identities/gallery-index.js';
import { nearestMembers } from '../../server/identities/gallery/loop-index.js';
import { matchOf, MAX_CANDIDATES, noMatch } from '../../server/identities/match.js';
import type { VisitEvent, Draft } from '../../server/events/event.js';
import type { VisitOptions } from '../../server/visits/options.js';
import type { Sighting } from '../../server/visits/sighting.js';
import { liveFaces } from '../../server/visits/live-faces.js';
import { endAll, noVisits, sight, tick, type VisitState } from '../../server/visits/visit.js';
import { embeddingOf } from '../fixtures/enrolled-person.js';

export const THRESHOLD = 0.6;
const FRAME = { width: 1280, height: 720 };

/** Numbers that look random and are the same in every run (Lehmer's generator), 0..1. */
export function randomly(seed: number): () => number {
  let state = (seed * 7919 + 1) % 2147483647;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** Of those who were seen: most of the time goes by in drawing them. */
const centres = new Map<string, Float32Array>();

/** An embedding at exactly `distance` from a person's: how people look in pictures, never twice the same. */
export function embeddingNear(who: string, distance: number, salt: string | number = 0): Float32Array {
  const centre = centres.get(who) ?? embeddingOf(who);
  centres.set(who, centre);
  const away = embeddingOf(`${who} seen ${salt}`);
  return centre.map((value, i) => value + away[i] * distance);
}

export function galleryOf(...ids: string[]): Member[] {
  return ids.map((id) => ({ id, name: id.toUpperCase(), embeddings: [embeddingOf(id)] }));
}

/** Somebody in a frame. `distance`: from their own embedding. */
export interface Someone {
  who: string;
  x: number;
  y?: number;
  width?: number;
  distance?: number;
  score?: number;
  /** Instead of what the person looks like; null: not embedded. */
  embedding?: Float32Array | null;
  /** What the quality comes to in one number, 0..1. */
  overall?: number;
}

/** A face of the middling sort. */
function qualityOf(overall: number): Quality {
  return {
    overall,
    size: 100,
    sharpness: 0.6,
    yaw: 0,
    pitch: 0,
    roll: 0,
    brightness: 120,
    contrast: 50,
    cut: 0,
    score: 0.9,
    problems: [],
  };
}

/** A camera with its clock, its gallery and everything it has told. */
export function scene(gallery: readonly Member[], options: Partial<VisitOptions> = {}, run = 'run') {
  let state: VisitState = noVisits('door', run, options);
  let now = 1_000;
  let frames = 0;
  const events: Draft<VisitEvent>[] = [];
  const keep = (step: { state: VisitState; events: { draft: Draft<VisitEvent> }[] }) => {
    state = step.state;
    events.push(...step.events.map(({ draft }) => draft));
    return step;
  };
  const moment = () => ({ wall: 1_700_000_000_000 + now, monotonic: now });
  const self = {
    events,
    get state() {
      return state;
    },
    live: () => liveFaces(state),
    /** One frame, `ms` after the one before. */
    frame(people: Someone[], ms = 200) {
      now += ms;
      frames += 1;
      const faces = people.map(
        ({ who, x, y = 200, width = 100, distance = 0.3, score = 0.9, embedding, overall = 0.5 }) => {
          const face: Face = {
            box: { x, y, width, height: width * 1.2 },
            score,
            landmarks: new Float32Array(136),
            quality: qualityOf(overall),
            embedding: embedding === undefined ? embeddingNear(who, distance, frames) : embedding,
            liveness: null,
          };
          return {
            face,
            match: face.embedding
              ? matchOf(nearestMembers(gallery, face.embedding, MAX_CANDIDATES), THRESHOLD)
              : noMatch(THRESHOLD),
          };
        },
      );
      const sighting: Sighting = {
        camera: 'door',
        frame: FRAME,
        capturedAt: moment().wall,
        arrivedAt: now,
        faces,
      };
      return keep(sight(state, sighting));
    },
    frames(count: number, people: (n: number) => Someone[], ms = 200) {
      for (let n = 0; n < count; n += 1) self.frame(people(n), ms);
    },
    wait(ms: number) {
      now += ms;
      return keep(tick(state, moment()));
    },
    end: () => keep(endAll(state, moment())),
    /** `started`, `recognised ada`, ... in order. */
    told: () => events.map(({ type, person }) => [type.slice(6), ...(person ? [person.id] : [])].join(' ')),
    visits: () => new Set(events.map(({ visit }) => visit)).size,
  };
  return self;
}

import { describe, expect, it } from 'vitest';
import { emptyDesk } from '../../../dashboard/state/desk.js';
import type { DeskState } from '../../../dashboard/state/desk.js';
import { reduce } from '../../../dashboard/state/reduce.js';
import { whoIsHere } from '../../../dashboard/state/who-is-here.js';
import type { Draft, GatehouseEvent, VisitUnknown } from '../../../server/events/event.js';
import {
  decided,
  ended,
  recordedCameras,
  recordedMorning,
  recordedPeople,
  recordedProblems,
  started,
  visitOf,
} from '../../fixtures/desk/recorded.js';
import { noLosses } from '../../fixtures/no-losses.js';

const noon = Date.UTC(2030, 0, 1, 12);
const quality = {
  overall: 0.2,
  size: 80,
  sharpness: 0.5,
  yaw: 61,
  pitch: 0,
  roll: 0,
  brightness: 100,
  contrast: 40,
  cut: 0,
};

function numbered(drafts: readonly Draft[], first = 1): GatehouseEvent[] {
  return drafts.map((draft, index) => ({ ...draft, id: `e${first + index}`, seq: first + index }));
}

function after(drafts: readonly Draft[], state: DeskState = emptyDesk): DeskState {
  return numbered(drafts, state.seq + 1).reduce(
    (desk, event) => reduce(desk, { kind: 'event', event }),
    state,
  );
}

const calm = { status: 'ok' as const, engine: '', losses: noLosses, version: '', uptime: 1, cameras: [] };

describe('the desk state', () => {
  it('keeps problems that were read for as long as they last', () => {
    const health = (problems: string[]) => ({ kind: 'health' as const, health: { ...calm, problems } });
    const read = reduce(reduce(emptyDesk, health(['one', 'two'])), { kind: 'problems-read' });
    expect(read.readProblems).toEqual(['one', 'two']);
    const less = reduce(read, health(['two', 'three']));
    expect(less.readProblems).toEqual(['two']);
    expect(reduce(less, health(['one', 'two'])).readProblems).toEqual(['two']);
  });

  const ada = visitOf('v1', 'lobby', 'Ada', noon);
  const stranger = visitOf('v2', 'lobby', null, noon + 1_000);

  it('folds the events of a visit into one visit', () => {
    const begun = after([started(ada)]);
    expect(begun.visits).toMatchObject([{ id: 'v1', status: 'pending', endedAt: null, startedAt: noon }]);
    const named = after([decided(ada)], begun);
    expect(named.visits).toMatchObject([
      { id: 'v1', status: 'recognised', distance: 0.29, snapshot: '/api/visits/v1/snapshot.jpg' },
    ]);
    const over = after([ended(ada, 8_000)], named);
    expect(over.visits).toMatchObject([{ status: 'recognised', endedAt: noon + 8_000, durationMs: 8_000 }]);
  });

  it('marks those who match nobody as unknown, also after they have left', () => {
    const state = after([started(stranger), decided(stranger), ended(stranger, 5_000)]);
    expect(state.visits).toMatchObject([{ status: 'unknown', person: null, durationMs: 5_000 }]);
  });

  it('says why somebody unknown was not measured', () => {
    const problems = [{ code: 'turned-away', reason: 'turned away 61°, at most 50°' }];
    const poor: Draft = {
      ...(decided(stranger) as Draft<VisitUnknown>),
      distance: null,
      quality: { ...quality, problems },
    };
    const state = after([{ ...started(stranger), distance: null }, poor]);
    expect(state.visits).toMatchObject([{ status: 'unknown', problem: 'turned away 61°, at most 50°' }]);
    expect(after([decided(stranger)], state).visits).toMatchObject([{ problem: null }]);
  });

  it('remembers of a visit that the face looked like a picture', () => {
    const liveness = { real: 0.1, live: 0.2, score: 0.1, passed: false };
    const state = after([started(ada), { ...decided(ada), liveness }]);
    expect(state.visits).toMatchObject([{ picture: true }]);
    expect(after([ended(ada, 5_000)], state).visits).toMatchObject([{ picture: true }]);
    expect(after([started(ada), decided(ada)]).visits).toMatchObject([{ picture: false }]);
  });

  it('keeps the name of a visit whose beginning is not known', () => {
    expect(after([ended(ada, 8_000)]).visits).toMatchObject([{ status: 'recognised', startedAt: noon }]);
    expect(after([ended(stranger, 8_000)]).visits).toMatchObject([{ status: 'unknown' }]);
  });

  it('lists the newest visit first, whatever order they are told in', () => {
    const late = visitOf('v3', 'lobby', 'Bo', noon + 9_000);
    const state = after([started(late), started(ada), started(stranger)]);
    expect(state.visits.map(({ id }) => id)).toEqual(['v3', 'v2', 'v1']);
  });

  it('ignores an event that it has seen', () => {
    const [first, second] = numbered([started(ada), decided(ada)]);
    const state = [first, second].reduce((desk, event) => reduce(desk, { kind: 'event', event }), emptyDesk);
    expect(reduce(state, { kind: 'event', event: first })).toBe(state);
    expect(reduce(state, { kind: 'event', event: second })).toBe(state);
  });

  it('takes the feed up where the loaded visits end', () => {
    const events = numbered(recordedMorning(noon)).filter((event) => 'visit' in event);
    const state = reduce(emptyDesk, { kind: 'visits', seq: 40, events, anew: true });
    expect(state).toMatchObject({ loaded: true, seq: 40 });
    expect(state.visits).toHaveLength(11);
    expect(after([started(ada)], state).visits).toHaveLength(12);
  });

  it('takes nothing back for an answer that the feed has overtaken, except when it begins anew', () => {
    const state = after([started(ada), decided(ada), ended(ada, 8_000)]);
    const old = { kind: 'visits' as const, seq: 1, events: [{ ...started(ada), id: 'e1', seq: 1 }] };
    const kept = reduce(state, { ...old, anew: false });
    expect(kept).toMatchObject({ seq: 3, visits: [{ status: 'recognised', durationMs: 8_000 }] });
    const fresh = reduce(state, { ...old, anew: true });
    expect(fresh).toMatchObject({ seq: 1, visits: [{ status: 'pending', endedAt: null }] });
  });

  it('keeps a bounded number of visits', () => {
    const many = Array.from({ length: 260 }, (_, index) =>
      started(visitOf(`m${index}`, 'lobby', null, noon + index)),
    );
    const { visits } = after(many);
    expect(visits).toHaveLength(200);
    expect(visits[0]?.id).toBe('m259');
  });

  it('tells a camera state with its reason at once, and health later', () => {
    const cameras = reduce(emptyDesk, { kind: 'cameras', cameras: recordedCameras });
    const state = after(
      [
        {
          type: 'camera.state',
          at: '',
          camera: 'lobby',
          state: 'stalled',
          reason: 'No frames for 2 s.',
          code: 'CAMERA_STALLED',
        },
      ],
      cameras,
    );
    const lobby = (desk: DeskState) => desk.cameras.find(({ id }) => id === 'lobby');
    expect(lobby(state)).toMatchObject({ state: 'stalled', reason: 'No frames for 2 s.', fps: 5 });
    const [health] = recordedCameras.filter(({ id }) => id === 'lobby');
    const again = reduce(state, {
      kind: 'health',
      health: {
        ...calm,
        problems: [],
        cameras: [{ ...health, fps: 4.8 }],
      },
    });
    expect(lobby(again)).toMatchObject({ state: 'live', reason: null, fps: 4.8, threshold: 0.54 });
  });

  it('follows people and photos', () => {
    const state = reduce(emptyDesk, { kind: 'people', people: recordedPeople, problems: recordedProblems });
    const next = after(
      [
        { type: 'person.removed', at: '', camera: null, person: { id: 'ada', name: 'Ada' }, photos: 0 },
        { type: 'photo.refused', at: '', camera: null, photo: 'agnes.jpg', code: 'X', reason: 'Blurred.' },
      ],
      state,
    );
    expect(next.people.map(({ id }) => id)).not.toContain('ada');
    expect(next.photoProblems.filter(({ photo }) => photo === 'agnes.jpg')).toMatchObject([
      { reason: 'Blurred.' },
    ]);
  });

  it('counts what the journal lost until it is read', () => {
    const state = reduce(emptyDesk, { kind: 'gap', missed: 7 });
    expect(state.missed).toBe(7);
    expect(reduce(state, { kind: 'gap-read' }).missed).toBe(0);
  });
});

describe('who is here', () => {
  it('counts a person once, where they were seen last, and leaves out who has left', () => {
    const door = visitOf('v1', 'front-door', 'Ada', noon);
    const lobby = visitOf('v2', 'lobby', 'Ada', noon + 1_000);
    const gone = visitOf('v3', 'lobby', 'Bo', noon + 2_000);
    const state = after([door, lobby, gone].map(decided).concat());
    const left = after([ended(gone, 3_000)], state);
    expect(whoIsHere(left.visits)).toMatchObject([{ visit: { id: 'v2' }, cameras: ['lobby', 'front-door'] }]);
  });

  it('never takes two unknown people for one', () => {
    const state = after([
      decided(visitOf('a', 'lobby', null, noon)),
      decided(visitOf('b', 'lobby', null, noon + 1)),
    ]);
    expect(whoIsHere(state.visits)).toHaveLength(2);
  });
});

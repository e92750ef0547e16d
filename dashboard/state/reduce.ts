import type { CameraHealth } from '../../server/events/desk.js';
import type { GatehouseEvent } from '../../server/events/event.js';
import { isVisitEvent } from '../../server/events/event.js';
import type { Arrival, DeskAction, DeskState } from './desk.js';
import { foldVisit } from './fold-visit.js';

function arrivalOf(event: GatehouseEvent): Arrival | null {
  if (event.type !== 'visit.recognised' && event.type !== 'visit.unknown') return null;
  return { seq: event.seq, at: Date.parse(event.at), camera: event.camera, person: event.person };
}

function applyEvent(state: DeskState, event: GatehouseEvent): DeskState {
  // A feed that overlaps what was loaded, or an old socket's last words: seen already.
  if (event.seq <= state.seq) return state;
  const next = { ...state, seq: event.seq };
  if (isVisitEvent(event)) {
    return {
      ...next,
      visits: foldVisit(state.visits, event),
      arrival: arrivalOf(event) ?? state.arrival,
    };
  }
  switch (event.type) {
    case 'camera.state': {
      const told = { state: event.state, reason: event.reason };
      return {
        ...next,
        cameras: state.cameras.map((camera) =>
          camera.id === event.camera ? { ...camera, ...told } : camera,
        ),
      };
    }
    case 'person.removed':
      return { ...next, people: state.people.filter((person) => person.id !== event.person.id) };
    case 'photo.refused': {
      const others = state.photoProblems.filter((problem) => problem.photo !== event.photo);
      const problem = { photo: event.photo, code: event.code, reason: event.reason };
      return { ...next, photoProblems: [...others, problem] };
    }
    case 'person.enrolled':
    case 'greeting':
    case 'config.applied':
    case 'config.refused':
      return next;
  }
}

/** The desk after `action`; pure, and `state` itself where nothing changes. */
export function reduce(state: DeskState, action: DeskAction): DeskState {
  switch (action.kind) {
    case 'visits': {
      // An answer that the feed has overtaken adds what it knows, and takes nothing back.
      const overtaken = !action.anew && action.seq < state.seq;
      const visits = action.events.reduce(foldVisit, overtaken ? state.visits : []);
      return { ...state, loaded: true, seq: overtaken ? state.seq : action.seq, visits };
    }
    case 'event':
      return applyEvent(state, action.event);
    case 'cameras':
      return { ...state, cameras: action.cameras };
    case 'people':
      return { ...state, people: action.people, photoProblems: action.problems };
    case 'health':
      return {
        ...state,
        health: action.health,
        cameras: withHealth(state, action.health.cameras),
        // One that is over and comes back is news again.
        readProblems: state.readProblems.filter((problem) => action.health.problems.includes(problem)),
      };
    case 'gap':
      return { ...state, missed: state.missed + action.missed };
    case 'gap-read':
      return { ...state, missed: 0 };
    case 'problems-read':
      return { ...state, readProblems: state.health?.problems ?? [] };
  }
}

function withHealth(state: DeskState, healths: readonly CameraHealth[]): DeskState['cameras'] {
  return state.cameras.map((camera) => {
    const health = healths.find(({ id }) => id === camera.id);
    return health === undefined ? camera : { ...camera, ...health };
  });
}

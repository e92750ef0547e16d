import type { CameraInfo, Health, PersonInfo, PhotoProblem } from '../../server/events/desk.js';
import type { Candidate, GatehouseEvent, PersonRef, VisitEvent } from '../../server/events/event.js';

/** pending: nobody is sure yet (or, once ended, nobody ever was). */
export type VisitStatus = 'pending' | 'recognised' | 'unknown';

/** One visit as the desk shows it: all its events folded into one. Times are milliseconds since the epoch. */
export interface Visit {
  id: string;
  camera: string;
  status: VisitStatus;
  person: PersonRef | null;
  distance: number | null;
  threshold: number;
  candidates: readonly Candidate[];
  margin: number | null;
  startedAt: number;
  endedAt: number | null;
  durationMs: number | null;
  latencyMs: number;
  snapshot: string | null;
  /** Why no frame of the face was good enough, in words; null where one was. */
  problem: string | null;
  /** Whether it looked like a picture of a face. */
  picture: boolean;
}

/** Somebody was recognised or stayed unknown just now: what the screen reader says. */
export interface Arrival {
  seq: number;
  at: number;
  camera: string;
  person: PersonRef | null;
}

export interface DeskState {
  /** Whether the first load is done; until then lists are empty because nothing is known yet. */
  loaded: boolean;
  /** The last sequence applied; an event at or before it has been seen. */
  seq: number;
  /** Newest first. */
  visits: readonly Visit[];
  cameras: readonly CameraInfo[];
  people: readonly PersonInfo[];
  photoProblems: readonly PhotoProblem[];
  health: Health | null;
  /** Events that the journal no longer had when the desk came back; 0 while nothing is missing. */
  missed: number;
  /** Problems of `health` that somebody at this desk has read: no banner tells of them again while they last. */
  readProblems: readonly string[];
  arrival: Arrival | null;
}

export const emptyDesk: DeskState = {
  loaded: false,
  seq: 0,
  visits: [],
  cameras: [],
  people: [],
  photoProblems: [],
  health: null,
  missed: 0,
  readProblems: [],
  arrival: null,
};

/** All that can happen to the desk. */
export type DeskAction =
  /** `anew`: forget what was there; the server may count from the beginning again. */
  | { kind: 'visits'; seq: number; events: readonly VisitEvent[]; anew: boolean }
  | { kind: 'event'; event: GatehouseEvent }
  | { kind: 'cameras'; cameras: readonly CameraInfo[] }
  | { kind: 'people'; people: readonly PersonInfo[]; problems: readonly PhotoProblem[] }
  | { kind: 'health'; health: Health }
  | { kind: 'gap'; missed: number }
  | { kind: 'gap-read' }
  | { kind: 'problems-read' };

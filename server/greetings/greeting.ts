import type { GreetingEvent, PersonRef, VisitRecognised } from '../events/event.js';
import type { QuietHours } from './quiet-hours.js';

/** What is heard when somebody is greeted. */
export type GreetingSound =
  /** `phrase` may hold {names} and {camera}; `language` is its BCP 47 tag; `voice` null takes any. */
  | { kind: 'speech'; phrase: string; language: string; voice: string | null }
  /** `url` is a path on this server. */
  | { kind: 'clip'; url: string };

/** How one camera greets. */
export type CameraGreeting =
  | { kind: 'off' }
  | (GreetingSound & {
      /** The camera's name, as {camera} says it. */
      name: string;
      /** 0..1 */
      volume: number;
      /** A person is greeted at most once in this time at this camera, milliseconds. */
      cooldownMs: number;
      /** People recognised within this time of the first are greeted in one sentence, milliseconds. */
      gatherMs: number;
      quietHours: QuietHours | null;
    });

/** What the greetings listen to; every other event passes them by. */
export type GreetingInput =
  | Pick<VisitRecognised, 'type' | 'camera' | 'visit' | 'person'>
  | { type: 'person.removed'; person: PersonRef }
  | { type: 'tick' };

/** People being gathered at one camera for one sentence. */
export interface Gathering {
  /** When the sentence is due, monotonic milliseconds. */
  due: number;
  people: readonly PersonRef[];
  visits: readonly string[];
}

/**
 * What the greetings remember, by camera. It lives in memory only: after a restart everybody may be greeted
 * again, unless it is seeded from the journal (rememberGreetings).
 */
export interface GreetingState {
  readonly gathering: ReadonlyMap<string, Gathering>;
  /** By camera, then by person's id: when they were last greeted, monotonic milliseconds. */
  readonly greeted: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** The path of a sentence as sound on this server; null where nothing can speak it. */
export type SoundOf = (sentence: {
  text: string;
  language: string;
  voice: string | null;
}) => GreetingEvent['audio'];

export const nobodyGreeted: GreetingState = { gathering: new Map(), greeted: new Map() };

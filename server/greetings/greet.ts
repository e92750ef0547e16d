import type { Moment } from '../base/clock.js';
import type { Draft, GreetingEvent } from '../events/event.js';
import type {
  CameraGreeting,
  Gathering,
  GreetingInput,
  GreetingSound,
  GreetingState,
  SoundOf,
} from './greeting.js';
import { joinNames } from './join-names.js';
import { fillPhrase } from './phrase.js';
import { isQuiet } from './quiet-hours.js';

export interface GreetSettings {
  greetingOf(camera: string): CameraGreeting;
  soundOf: SoundOf;
  timeZone?: string | undefined;
}

/**
 * Decides who is greeted, when and with which words. Pure but for what `settings` does.
 *
 * The first person recognised opens a gathering; whoever is recognised at the same camera before it is due
 * stands in the same sentence. A person who was greeted there less than the cooldown ago is left out, and
 * being seen again does not prolong the cooldown. In quiet hours nothing is said and nobody counts as greeted.
 */
export function greet(
  state: GreetingState,
  input: GreetingInput,
  now: Moment,
  settings: GreetSettings,
): { state: GreetingState; greetings: Draft<GreetingEvent>[] } {
  return sayDue(take(state, input, now, settings), now, settings);
}

/** When the next sentence is due, monotonic milliseconds; null while nobody is being gathered. */
export function nextDue(state: GreetingState): number | null {
  const dues = [...state.gathering.values()].map((gathering) => gathering.due);
  return dues.length > 0 ? Math.min(...dues) : null;
}

function take(
  state: GreetingState,
  input: GreetingInput,
  now: Moment,
  settings: GreetSettings,
): GreetingState {
  if (input.type === 'person.removed') return forget(state, input.person.id);
  if (input.type === 'tick') return state;
  const greeting = settings.greetingOf(input.camera);
  if (greeting.kind === 'off') return state;
  const last = state.greeted.get(input.camera)?.get(input.person.id);
  if (last !== undefined && now.monotonic - last < greeting.cooldownMs) return state;
  const open = state.gathering.get(input.camera) ?? {
    due: now.monotonic + greeting.gatherMs,
    people: [],
    visits: [],
  };
  const known = open.people.some((person) => person.id === input.person.id);
  const gathering: Gathering = {
    due: open.due,
    people: known ? open.people : [...open.people, input.person],
    visits: open.visits.includes(input.visit) ? open.visits : [...open.visits, input.visit],
  };
  return { ...state, gathering: new Map(state.gathering).set(input.camera, gathering) };
}

/** Somebody who is erased is neither named nor remembered. */
function forget(state: GreetingState, person: string): GreetingState {
  const gathering = new Map<string, Gathering>();
  for (const [camera, open] of state.gathering) {
    const people = open.people.filter((each) => each.id !== person);
    if (people.length > 0) gathering.set(camera, { ...open, people });
  }
  const greeted = new Map(
    [...state.greeted].map(([camera, times]) => [
      camera,
      new Map([...times].filter(([each]) => each !== person)),
    ]),
  );
  return { gathering, greeted };
}

function sayDue(
  state: GreetingState,
  now: Moment,
  settings: GreetSettings,
): { state: GreetingState; greetings: Draft<GreetingEvent>[] } {
  const due = [...state.gathering].filter(([, open]) => open.due <= now.monotonic);
  if (due.length === 0) return { state, greetings: [] };
  const gathering = new Map(state.gathering);
  const greeted = new Map(state.greeted);
  const greetings: Draft<GreetingEvent>[] = [];
  for (const [camera, open] of due) {
    gathering.delete(camera);
    // Asked again: the configuration may have changed, or the quiet hours begun, since the first came in.
    const greeting = settings.greetingOf(camera);
    if (greeting.kind === 'off') continue;
    if (greeting.quietHours && isQuiet(greeting.quietHours, now.wall, settings.timeZone)) continue;
    greetings.push(draft(camera, open, greeting, now, settings.soundOf));
    const times = [...(greeted.get(camera) ?? [])].filter(
      ([, at]) => now.monotonic - at < greeting.cooldownMs,
    );
    greeted.set(camera, new Map([...times, ...open.people.map((each) => [each.id, now.monotonic] as const)]));
  }
  return { state: { gathering, greeted }, greetings };
}

function draft(
  camera: string,
  gathering: Gathering,
  greeting: Exclude<CameraGreeting, { kind: 'off' }>,
  now: Moment,
  soundOf: SoundOf,
): Draft<GreetingEvent> {
  const names = gathering.people.map((person) => person.name);
  return {
    type: 'greeting',
    at: new Date(now.wall).toISOString(),
    camera,
    visits: [...gathering.visits],
    people: [...gathering.people],
    volume: greeting.volume,
    ...sound(greeting, names, greeting.name, soundOf),
  };
}

function sound(
  greeting: GreetingSound,
  names: readonly string[],
  camera: string,
  soundOf: SoundOf,
): Pick<GreetingEvent, 'text' | 'language' | 'voice' | 'audio' | 'clip'> {
  // "und" is BCP 47 for a language that nobody knows.
  if (greeting.kind === 'clip') {
    return { text: null, language: 'und', voice: null, audio: greeting.url, clip: true };
  }
  const { language, voice } = greeting;
  const text = fillPhrase(greeting.phrase, { names: joinNames(names, language), camera });
  return { text, language, voice, audio: soundOf({ text, language, voice }), clip: false };
}

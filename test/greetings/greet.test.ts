import { describe, expect, test } from 'vitest';
import type { GreetingEvent, PersonRef } from '../../server/events/event.js';
import { greet, nextDue, type GreetSettings } from '../../server/greetings/greet.js';
import { nobodyGreeted, type CameraGreeting, type GreetingInput } from '../../server/greetings/greeting.js';
import { rememberGreetings } from '../../server/greetings/remember-greetings.js';

const ada = { id: 'ada', name: 'Ada' };
const bo = { id: 'bo', name: 'Bo' };
const cy = { id: 'cy', name: 'Cy' };
const NOON = Date.UTC(2030, 0, 1, 12);
const speech = {
  kind: 'speech',
  phrase: 'Welcome {names}, have a nice day!',
  language: 'en',
  voice: null,
  name: 'Front door',
  volume: 0.8,
  cooldownMs: 60_000,
  gatherMs: 1200,
  quietHours: null,
} as const satisfies CameraGreeting;

const seen = (person: PersonRef, camera = 'door', visit = `visit-${person.id}`): GreetingInput => ({
  type: 'visit.recognised',
  camera,
  visit,
  person,
});
const tick: GreetingInput = { type: 'tick' };

/** Plays inputs at given milliseconds after noon; what was said, with the moment. */
function play(
  script: readonly (readonly [ms: number, input: GreetingInput])[],
  greetings: Record<string, CameraGreeting> = { door: speech },
  {
    start = nobodyGreeted,
    noon = NOON,
    ...more
  }: { start?: typeof nobodyGreeted; noon?: number; timeZone?: string } = {},
) {
  const settings: GreetSettings = {
    greetingOf: (camera) => greetings[camera] ?? { kind: 'off' },
    soundOf: ({ text, language }) => `/sound/${language}/${text}`,
    timeZone: 'UTC',
    ...more,
  };
  let state = start;
  const said: [number, Omit<GreetingEvent, 'id' | 'seq'>][] = [];
  for (const [ms, input] of script) {
    const outcome = greet(state, input, { wall: noon + ms, monotonic: 5000 + ms }, settings);
    state = outcome.state;
    for (const greeting of outcome.greetings) said.push([ms, greeting]);
  }
  return { said, state, texts: said.map(([, greeting]) => greeting.text) };
}

describe('who is greeted together', () => {
  test('one person, when the gathering is due and not before', () => {
    const { said } = play([
      [0, seen(ada)],
      [1199, tick],
      [1200, tick],
      [2000, tick],
    ]);
    expect(said).toEqual([
      [
        1200,
        {
          type: 'greeting',
          at: '2030-01-01T12:00:01.200Z',
          camera: 'door',
          visits: ['visit-ada'],
          people: [ada],
          text: 'Welcome Ada, have a nice day!',
          language: 'en',
          voice: null,
          volume: 0.8,
          audio: '/sound/en/Welcome Ada, have a nice day!',
          clip: false,
        },
      ],
    ]);
  });

  test('three within the window stand in one sentence, in the order in which they came', () => {
    const { said } = play([
      [0, seen(ada)],
      [600, seen(bo)],
      [1199, seen(cy)],
      [1200, tick],
    ]);
    expect(said.map(([, each]) => [each.text, each.visits])).toEqual([
      ['Welcome Ada, Bo and Cy, have a nice day!', ['visit-ada', 'visit-bo', 'visit-cy']],
    ]);
  });

  test('a latecomer does not hold up the first, and gets a sentence of their own', () => {
    const { said } = play([
      [0, seen(ada)],
      [1200, tick],
      [1300, seen(bo)],
      [2500, tick],
    ]);
    expect(said.map(([ms, each]) => [ms, each.text])).toEqual([
      [1200, 'Welcome Ada, have a nice day!'],
      [2500, 'Welcome Bo, have a nice day!'],
    ]);
  });

  test('a person in two visits at once is named once', () => {
    const { said } = play([
      [0, seen(ada, 'door', 'v1')],
      [100, seen(ada, 'door', 'v2')],
      [1200, tick],
    ]);
    expect(said[0][1]).toMatchObject({ people: [ada], visits: ['v1', 'v2'] });
    expect(said).toHaveLength(1);
  });

  test('cameras gather for themselves', () => {
    const { said } = play(
      [
        [0, seen(ada, 'door')],
        [500, seen(bo, 'gate')],
        [1200, tick],
        [1700, tick],
      ],
      { door: speech, gate: { ...speech, phrase: 'Hello {names}, this is {camera}.', name: 'the gate' } },
    );
    expect(said.map(([ms, each]) => [ms, each.camera, each.text])).toEqual([
      [1200, 'door', 'Welcome Ada, have a nice day!'],
      [1700, 'gate', 'Hello Bo, this is the gate.'],
    ]);
  });

  test('without a window everybody is greeted at once', () => {
    expect(play([[0, seen(ada)]], { door: { ...speech, gatherMs: 0 } }).texts).toEqual([
      'Welcome Ada, have a nice day!',
    ]);
  });

  test('the next due moment is the earliest of all cameras', () => {
    const { state } = play(
      [
        [0, seen(ada, 'door')],
        [300, seen(bo, 'gate')],
      ],
      { door: speech, gate: { ...speech, gatherMs: 200 } },
    );
    expect(nextDue(state)).toBe(5500);
    expect(nextDue(nobodyGreeted)).toBeNull();
  });
});

describe('cooldown', () => {
  const immediate = { ...speech, gatherMs: 0 };

  test('the same person at the same camera is greeted again only when it is over', () => {
    const { said } = play(
      [
        [0, seen(ada)],
        [30_000, seen(ada)],
        [59_999, seen(ada)],
        [60_000, seen(ada)],
      ],
      { door: immediate },
    );
    expect(said.map(([ms]) => ms)).toEqual([0, 60_000]);
  });

  test('it is per camera and per person', () => {
    const { said } = play(
      [
        [0, seen(ada, 'door')],
        [10, seen(ada, 'gate')],
        [20, seen(bo, 'door')],
      ],
      { door: immediate, gate: immediate },
    );
    expect(said.map(([, each]) => `${each.camera} ${each.people[0].id}`)).toEqual([
      'door ada',
      'gate ada',
      'door bo',
    ]);
  });

  test('somebody within it is left out of the sentence for the others', () => {
    const { texts } = play([
      [0, seen(ada)],
      [1200, tick],
      [5000, seen(ada, 'door', 'v2')],
      [5100, seen(bo)],
      [6300, tick],
    ]);
    expect(texts).toEqual(['Welcome Ada, have a nice day!', 'Welcome Bo, have a nice day!']);
  });

  test('what is over is forgotten, so that memory does not grow', () => {
    const script = Array.from(
      { length: 1000 },
      (_, n) => [n * 1000, seen({ id: `p${n}`, name: `P${n}` })] as const,
    );
    const { state, said } = play(script, { door: immediate });
    expect(said).toHaveLength(1000);
    expect(state.greeted.get('door')!.size).toBe(60);
  });

  test('seeded from the journal, it holds over a restart', () => {
    const start = rememberGreetings(
      [
        { camera: 'door', at: new Date(NOON - 20_000).toISOString(), people: [ada] },
        { camera: 'door', at: new Date(NOON - 90_000).toISOString(), people: [ada, bo] },
        { camera: 'door', at: new Date(NOON + 3_600_000).toISOString(), people: [cy] },
      ],
      { wall: NOON, monotonic: 5000 },
    );
    const { said } = play(
      [
        [0, seen(ada)],
        [0, seen(bo)],
        [39_999, seen(ada)],
        [40_000, seen(ada)],
        [59_999, seen(cy)],
        [60_000, seen(cy)],
      ],
      { door: immediate },
      { start },
    );
    expect(said.map(([ms, each]) => [ms, each.people[0].id])).toEqual([
      [0, 'bo'],
      [40_000, 'ada'],
      [60_000, 'cy'],
    ]);
  });
});

describe('when nothing is said', () => {
  const night = { ...speech, gatherMs: 0, quietHours: { from: '22:00', to: '07:00' } };

  test('in quiet hours; the person is greeted when they come again after them', () => {
    const noon = Date.UTC(2030, 0, 1, 6, 59, 50);
    const { said } = play(
      [
        [0, seen(ada)],
        [9999, seen(ada)],
        [10_000, seen(ada)],
      ],
      { door: night },
      { noon },
    );
    expect(said.map(([ms]) => ms)).toEqual([10_000]);
  });

  test('quiet hours go by the time zone that is handed in', () => {
    const script = [[0, seen(ada)]] as const;
    expect(play(script, { door: night }, { timeZone: 'Atlantic/Reykjavik' }).said).toHaveLength(1);
    expect(play(script, { door: night }, { timeZone: 'Pacific/Auckland' }).said).toHaveLength(0);
  });

  test('at a camera that does not greet', () => {
    expect(
      play(
        [
          [0, seen(ada)],
          [5000, tick],
        ],
        { door: { kind: 'off' } },
      ).said,
    ).toEqual([]);
  });

  test('to a person who is removed while being gathered; the others are greeted', () => {
    const { said } = play([
      [0, seen(ada)],
      [1, seen(bo)],
      [2, { type: 'person.removed', person: ada }],
      [1200, tick],
    ]);
    expect(said.map(([, each]) => each.text)).toEqual(['Welcome Bo, have a nice day!']);
  });
});

test('a clip is played instead of words', () => {
  const clip: CameraGreeting = {
    kind: 'clip',
    url: '/clips/door.mp3',
    name: 'Door',
    volume: 1,
    cooldownMs: 1,
    gatherMs: 0,
    quietHours: null,
  };
  expect(play([[0, seen(ada)]], { door: clip }).said[0][1]).toMatchObject({
    text: null,
    audio: '/clips/door.mp3',
    clip: true,
    people: [ada],
  });
});

test('the state that was handed in stays as it was', () => {
  const { state } = play([[0, seen(ada)]]);
  const before = structuredClone(state);
  greet(
    state,
    seen(bo),
    { wall: NOON + 5000, monotonic: 10_000 },
    { greetingOf: () => speech, soundOf: () => null },
  );
  expect(state).toEqual(before);
});

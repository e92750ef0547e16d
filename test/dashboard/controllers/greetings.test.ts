import { describe, expect, it } from 'vitest';
import { GreetingQueue } from '../../../dashboard/controllers/greeting-queue.js';
import type { Mouth } from '../../../dashboard/controllers/greetings.js';
import { Greetings } from '../../../dashboard/controllers/greetings.js';
import { findVoice } from '../../../dashboard/controllers/voice.js';
import type { GreetingEvent } from '../../../server/events/event.js';
import { greetingOf } from '../../fixtures/desk/recorded.js';
import { fakeDeskClock, fakeHost } from '../fake-desk-clock.js';

const noon = Date.UTC(2030, 0, 1, 12);
const greeting = (camera: string, name: string, at = noon): GreetingEvent => ({
  ...greetingOf(camera, name, at, '/sound.wav'),
  id: name,
  seq: 1,
});

describe('the queue of greetings', () => {
  it('keeps the order of a camera and lets cameras take turns', () => {
    const queue = new GreetingQueue();
    for (const [camera, name] of [
      ['door', 'Ada'],
      ['door', 'Bo'],
      ['door', 'Cy'],
      ['lobby', 'Dee'],
    ] as const) {
      queue.add(greeting(camera, name), noon);
    }
    const said = Array.from({ length: 5 }, () => queue.next(noon)?.people[0]?.name);
    expect(said).toEqual(['Ada', 'Dee', 'Bo', 'Cy', undefined]);
  });

  it('leaves out what comes more than ten seconds late', () => {
    const queue = new GreetingQueue();
    expect(queue.add(greeting('door', 'Ada'), noon + 10_001)).toBe(false);
    expect(queue.add(greeting('door', 'Bo'), noon + 10_000)).toBe(true);
    queue.dropLate(noon + 10_001);
    expect(queue.next(noon + 10_001)).toBeNull();
  });
});

/** A mouth whose sentences end when the test says so. */
function setUp({ allowed = true } = {}) {
  const clock = fakeDeskClock(noon);
  const said: string[] = [];
  const endings: ((error?: Error) => void)[] = [];
  const state = { allowed };
  const mouth: Mouth = {
    unlock: () => Promise.resolve(state.allowed),
    say: ({ people }, signal) => {
      said.push(people[0].name);
      return new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => resolve());
        endings.push((error) => (error === undefined ? resolve() : reject(error)));
      });
    },
  };
  const greetings = new Greetings(fakeHost(), { mouth, now: () => clock.now() });
  const end = async (error?: Error) => {
    endings.at(-1)!(error);
    await settled();
  };
  return { clock, said, greetings, end, state };
}

/** All promises that can settle have. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the greeting player', () => {
  it('is off until it is wanted, and then says what is not too old', async () => {
    const { greetings, said, clock } = setUp();
    greetings.hear(greeting('door', 'Ada'));
    clock.advance(6_000);
    greetings.hear(greeting('door', 'Bo', clock.now()));
    clock.advance(5_000);
    expect(said).toEqual([]);
    await greetings.enable();
    expect(greetings.sound).toBe('on');
    expect(said).toEqual(['Bo']);
  });

  it('says one after another, never two at once', async () => {
    const { greetings, said, end } = setUp();
    await greetings.enable();
    for (const name of ['Ada', 'Bo', 'Cy']) greetings.hear(greeting('door', name));
    expect(said).toEqual(['Ada']);
    expect(greetings.saying?.people[0]?.name).toBe('Ada');
    await end();
    expect(said).toEqual(['Ada', 'Bo']);
    await end();
    await end();
    expect(said).toEqual(['Ada', 'Bo', 'Cy']);
    expect(greetings.saying).toBeNull();
  });

  it('shows that the browser refuses, and says what waited after the click', async () => {
    const { greetings, said, state } = setUp({ allowed: false });
    await greetings.enable();
    expect(greetings.sound).toBe('blocked');
    greetings.hear(greeting('door', 'Ada'));
    expect(said).toEqual([]);
    state.allowed = true;
    await greetings.enable();
    expect(said).toEqual(['Ada']);
  });

  it('becomes blocked when playing is refused with NotAllowedError', async () => {
    const { greetings, end } = setUp();
    await greetings.enable();
    greetings.hear(greeting('door', 'Ada'));
    await end(new DOMException('no gesture', 'NotAllowedError'));
    expect(greetings).toMatchObject({ sound: 'blocked', failed: true });
  });

  it('goes on after a greeting that cannot be played', async () => {
    const { greetings, said, end } = setUp();
    await greetings.enable();
    greetings.hear(greeting('door', 'Ada'));
    greetings.hear(greeting('door', 'Bo'));
    await end(new Error('no sound'));
    expect(greetings.failed).toBe(true);
    expect(said).toEqual(['Ada', 'Bo']);
    await end();
    expect(greetings.failed).toBe(false);
  });

  it('falls silent for a muted camera, in the middle of its sentence and for what follows', async () => {
    const { greetings, said } = setUp();
    await greetings.enable();
    greetings.hear(greeting('door', 'Ada'));
    greetings.hear(greeting('door', 'Bo'));
    greetings.hear(greeting('lobby', 'Cy'));
    greetings.mute(['door']);
    await settled();
    greetings.hear(greeting('door', 'Dee'));
    expect(said).toEqual(['Ada', 'Cy']);
    expect(greetings.saying?.camera).toBe('lobby');
  });

  it('is silent when it is switched off', async () => {
    const { greetings, said } = setUp();
    await greetings.enable();
    greetings.hear(greeting('door', 'Ada'));
    greetings.hear(greeting('door', 'Bo'));
    greetings.disable();
    await settled();
    expect(said).toEqual(['Ada']);
    expect(greetings).toMatchObject({ sound: 'off', saying: null });
  });
});

describe('the choice of a voice', () => {
  const voice = (name: string, lang: string) => ({ name, lang }) as SpeechSynthesisVoice;
  const voices = [voice('Anna', 'de-DE'), voice('Sam', 'en-US'), voice('Kate', 'en_GB')];

  it('takes the wanted name, then the exact tag, then the language, then none', () => {
    expect(findVoice(voices, 'en-GB', 'sam')?.name).toBe('Sam');
    expect(findVoice(voices, 'en-GB', null)?.name).toBe('Kate');
    expect(findVoice(voices, 'en-AU', 'nobody')?.name).toBe('Sam');
    expect(findVoice(voices, 'is-IS', null)).toBeNull();
    // A wanted voice of another language would read the sentence wrongly.
    expect(findVoice(voices, 'en-GB', 'anna')?.name).toBe('Kate');
  });
});

import { Subject } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../server/base/clock.js';
import type { Draft, GreetingEvent } from '../../server/events/event.js';
import type { CameraGreeting, GreetingInput } from '../../server/greetings/greeting.js';
import { greetings, type GreetingsOptions } from '../../server/greetings/greetings.js';
import { fakeClock } from '../fixtures/fake-clock.js';

const speech: CameraGreeting = {
  kind: 'speech',
  phrase: '{names}!',
  language: 'en',
  voice: null,
  name: 'Door',
  volume: 1,
  cooldownMs: 50,
  gatherMs: 10,
  quietHours: null,
};
const seen = (name: string): GreetingInput => ({
  type: 'visit.recognised',
  camera: 'door',
  visit: `v-${name}`,
  person: { id: name, name },
});
const inputs = { a: seen('Ada'), b: seen('Bo'), c: seen('Cy') };

function options(clock: Clock, more: Partial<GreetingsOptions> = {}): GreetingsOptions {
  return { clock, greetingOf: () => speech, soundOf: () => null, timeZone: 'UTC', ...more };
}

/** Runs drawn time: one dash is one millisecond. The texts of what is said must be `expected`. */
function drawn(source: string, expected: string, texts: Record<string, string>, unsubscribe?: string): void {
  const scheduler = new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted));
  scheduler.run(({ cold, expectObservable }) => {
    const clock: Clock = { wall: () => 0, monotonic: () => scheduler.now(), scheduler };
    const said = cold(source, inputs).pipe(greetings(options(clock)));
    const wanted = Object.fromEntries(
      Object.entries(texts).map(([key, text]) => [key, expect.objectContaining({ text }) as unknown]),
    );
    expectObservable(said, unsubscribe).toBe(expected, wanted);
  });
}

describe('greetings in drawn time', () => {
  test('are said when the window closes', () => drawn('a 30ms -', '10ms x', { x: 'Ada!' }));
  test('name together who came within it', () => drawn('a--b--c 30ms -', '10ms x', { x: 'Ada, Bo and Cy!' }));
  test('name apart who came after it', () =>
    drawn('a 11ms b 30ms -', '10ms x 11ms y', { x: 'Ada!', y: 'Bo!' }));
  test('respect the cooldown', () =>
    drawn('a 19ms a 50ms a 30ms -', '10ms x 70ms y', { x: 'Ada!', y: 'Ada!' }));
  test('end with their source, saying nothing more', () => drawn('a--|', '---|', {}));
  test('fail with their source', () => drawn('a--#', '---#', {}));
  test('fall silent when nobody listens any more', () => drawn('a 30ms -', '-', {}, '5ms !'));
});

test('a step that fails ends the stream with the reason, also from its timer', () => {
  const clock = fakeClock();
  const source = new Subject<GreetingInput>();
  const errors: unknown[] = [];
  const fault = new Error('no sound');
  source
    .pipe(
      greetings(
        options(clock, {
          soundOf: () => {
            throw fault;
          },
        }),
      ),
    )
    .subscribe({ error: (error) => errors.push(error) });
  source.next(inputs.a);
  clock.advance(10);
  expect(errors).toEqual([fault]);
  expect(source.observed).toBe(false);
});

test('a wall clock that jumps neither delays nor repeats a greeting', () => {
  const clock = fakeClock(1_000_000);
  const source = new Subject<GreetingInput>();
  const said: Draft<GreetingEvent>[] = [];
  source.pipe(greetings(options(clock))).subscribe((each) => said.push(each));
  source.next(inputs.a);
  clock.setWall(0);
  clock.advance(10);
  clock.setWall(9_000_000);
  source.next(inputs.a);
  clock.advance(20);
  expect(said.map((each) => each.at)).toEqual(['1970-01-01T00:00:00.010Z']);
});

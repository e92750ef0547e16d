import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { GatehouseError } from '../../server/base/errors.js';
import { silentLog } from '../../server/base/log.js';
import { followConfig } from '../../server/compose/follow-config.js';
import { checkConfig } from '../../server/config/read-config.js';
import type { ConfigReading } from '../../server/config/watch-config.js';
import type { ConfigEvent, Draft } from '../../server/events/event.js';
import { fakeClock } from '../fixtures/fake-clock.js';

const door = { id: 'door', source: { kind: 'webcam', device: '/dev/video0' } };
const config = (own: object = {}, rest: object = {}) =>
  checkConfig({ cameras: [{ ...door, ...own }], ...rest }, 'streams.config.json', {});
const wrong = (message: string): ConfigReading => ({
  config: null,
  error: new GatehouseError('CONFIG_INVALID', message, 'Correct it.'),
});

/** A house whose cameras take as long to change as the test says. */
function house() {
  const readings = new Subject<ConfigReading>();
  const applied: string[] = [];
  const events: Draft<ConfigEvent>[] = [];
  let apply = (): Promise<void> => Promise.resolve();
  const followed = followConfig({
    config: config(),
    readings,
    cameras: {
      apply: async (_, configs) => {
        await apply();
        applied.push(configs.map(({ name }) => name).join());
      },
    },
    taken: () => undefined,
    clock: fakeClock(),
    log: silentLog,
  });
  followed.events.subscribe((event) => events.push(event));
  followed.start();
  return {
    followed,
    applied,
    events,
    slowly: (until: Promise<void>) => (apply = () => until),
    read: async (reading: ConfigReading) => {
      readings.next(reading);
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    },
    right: (own: object = {}, rest: object = {}): ConfigReading => ({
      config: config(own, rest),
      error: null,
    }),
  };
}

describe('following the configuration', () => {
  test('the first reading, which is what everything was started with, is no news', async () => {
    const { read, right, events } = house();
    await read(right());
    expect(events).toEqual([]);
  });

  test('while one is applied, only the newest of those that come waits', async () => {
    const { read, right, applied, slowly, events } = house();
    let done = (): void => undefined;
    slowly(new Promise<void>((resolve) => (done = resolve)));
    for (const name of ['one', 'two', 'three']) await read(right({ name }));
    expect(applied).toEqual([]);
    done();
    await read(right({ name: 'three' }));
    expect(applied.slice(0, 2)).toEqual(['one', 'three']);
    expect(events.map((event) => event.type)).toEqual(['config.applied', 'config.applied']);
  });

  test('a wrong one is a problem, told once, until the old one is back', async () => {
    const { read, right, applied, events, followed } = house();
    await read(wrong('cameras[0].fps: too large'));
    await read(wrong('cameras[0].fps: too large'));
    expect(applied).toEqual([]);
    expect(followed.problems()).toEqual([
      'CONFIG_INVALID: cameras[0].fps: too large. Correct it. The configuration before stays in force.',
    ]);
    await read(right());
    expect(followed.problems()).toEqual([]);
    expect(events.map((event) => event.type)).toEqual(['config.refused', 'config.applied']);
  });

  test('what needs a restart stays a problem until it is taken back', async () => {
    const { read, right, followed, events } = house();
    await read(right({ name: 'Door' }, { server: { port: 9000 } }));
    expect(events.at(-1)).toMatchObject({ changed: ['door'], needsRestart: ['server.port'] });
    await read(right({ name: 'Gate' }, { server: { port: 9000 } }));
    expect(followed.problems().join()).toMatch(/^CONFIG_NEEDS_RESTART.*server\.port$/);
    await read(right({ name: 'Gate' }));
    expect(followed.problems()).toEqual([]);
  });

  test('cameras that cannot be changed are a problem, and the next reading is applied all the same', async () => {
    const { read, right, slowly, followed, applied } = house();
    slowly(Promise.reject(new Error('a defect')));
    await read(right({ name: 'Door' }));
    expect(followed.problems().join()).toMatch(/^INTERNAL: a defect/);
    slowly(Promise.resolve());
    await read(right({ name: 'Gate' }));
    expect(applied).toEqual(['Gate']);
    expect(followed.problems()).toEqual([]);
  });

  test('after the stop nothing is applied any more', async () => {
    const { read, right, followed, applied } = house();
    await followed.stop();
    await read(right({ name: 'Door' }));
    expect(applied).toEqual([]);
  });
});

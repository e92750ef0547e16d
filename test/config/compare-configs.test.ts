import { describe, expect, test } from 'vitest';
import { cameraConfigs } from '../../server/config.js';
import { compareCameras, needsRestart } from '../../server/config/compare-configs.js';
import { checkConfig } from '../../server/config/read-config.js';

const door = { id: 'door', source: { kind: 'rtsp', url: 'rtsp://camera.test/door', password: '${DOOR}' } };
const gate = { id: 'gate', source: { kind: 'webcam', device: '/dev/video0' } };

const config = (value: object, environment: NodeJS.ProcessEnv = { DOOR: 'one' }) =>
  checkConfig({ cameras: [door, gate], ...value }, 'streams.config.json', environment);
const base = config({});

/** What the change does, by ids. */
function change(after: object, environment?: NodeJS.ProcessEnv) {
  const found = compareCameras(cameraConfigs(base), cameraConfigs(config(after, environment)));
  return {
    added: found.added.map(({ id }) => id),
    removed: found.removed,
    restarted: found.restarted.map(({ id }) => id),
    changed: found.changed.map(({ id }) => id),
  };
}
const nothing = { added: [], removed: [], restarted: [], changed: [] };

describe('what a changed configuration does to the cameras', () => {
  test('nothing, where nothing changed, or only their order', () => {
    expect(change({})).toEqual(nothing);
    expect(change({ cameras: [gate, door] })).toEqual(nothing);
  });

  test.each([
    ['name', { name: 'Front door' }],
    ['threshold', { threshold: 0.4 }],
    ['detection', { detection: 'accurate' }],
    ['liveness', { liveness: 'warn' }],
    ['greeting', { greeting: false }],
    ['phrase', { greeting: { phrase: 'Hello {names}' } }],
  ])('a changed %s is taken over while the camera runs', (_, own) => {
    expect(change({ cameras: [{ ...door, ...own }, gate] })).toEqual({ ...nothing, changed: ['door'] });
  });

  test.each([
    ['source', { source: { ...door.source, transport: 'udp' } }],
    ['fps', { fps: 3 }],
    ['size', { size: { width: 640, height: 360 } }],
    ['fps and a name', { fps: 3, name: 'Front door' }],
  ])('a changed %s restarts that camera alone', (_, own) => {
    expect(change({ cameras: [{ ...door, ...own }, gate] })).toEqual({ ...nothing, restarted: ['door'] });
  });

  test('a password that the environment changed restarts its camera', () => {
    expect(change({}, { DOOR: 'another' })).toEqual({ ...nothing, restarted: ['door'] });
  });

  test('cameras come and go; another id is another camera', () => {
    expect(change({ cameras: [door] })).toEqual({ ...nothing, removed: ['gate'] });
    expect(change({ cameras: [door, { ...gate, enabled: false }] })).toEqual({
      ...nothing,
      removed: ['gate'],
    });
    expect(change({ cameras: [door, { ...gate, id: 'yard' }] })).toEqual({
      ...nothing,
      added: ['yard'],
      removed: ['gate'],
    });
  });

  test('defaults reach every camera that has no value of its own', () => {
    expect(change({ defaults: { threshold: 0.4 } })).toEqual({ ...nothing, changed: ['door', 'gate'] });
    expect(change({ defaults: { fps: 3 }, cameras: [{ ...door, fps: 8 }, gate] })).toEqual({
      ...nothing,
      restarted: ['gate'],
    });
  });
});

describe('what needs a restart', () => {
  test('nothing that is a matter of the cameras', () => {
    const cameras = [{ ...door, threshold: 0.3 }];
    expect(needsRestart(base, config({ $schema: 'x', defaults: { fps: 2 }, cameras }))).toEqual([]);
  });

  test('everything else, each by its path', () => {
    const wanted = config({
      server: { port: 9000 },
      people: 'faces',
      recognition: { engine: 'wasm', batch: { count: 3 } },
      journal: { keepDays: 1 },
    });
    expect(needsRestart(base, wanted).sort()).toEqual([
      'journal.keepDays',
      'people',
      'recognition.batch.count',
      'recognition.engine',
      'server.port',
    ]);
  });

  test('the first drawn scene, whose people are not enrolled yet', () => {
    const drawn = { id: 'demo', source: { kind: 'demo', scene: 'lobby' } };
    const wanted = config({ cameras: [door, gate, drawn] });
    expect(needsRestart(base, wanted)).toEqual(['cameras (the people of the first drawn scene)']);
    expect(needsRestart(wanted, wanted)).toEqual([]);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GatehouseError } from '../../server/base/errors.js';
import { cameraConfigs, cameraPasswords } from '../../server/config.js';
import { everything } from '../../server/frames/watched-areas.js';
import { checkConfig, readConfig } from '../../server/config/read-config.js';

const FILE = '/etc/gatehouse/streams.config.json';
const door = { id: 'door', source: { kind: 'rtsp', url: 'rtsp://10.0.0.5/stream' } };

const zone = (name: string) => ({
  name,
  area: [
    [0, 0],
    [1, 0],
    [0, 1],
  ],
});

function refusal(value: unknown, environment: NodeJS.ProcessEnv = {}): GatehouseError {
  try {
    checkConfig(value, FILE, environment);
  } catch (error) {
    if (error instanceof GatehouseError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('what is refused, and how', () => {
  const cases: { name: string; value: unknown; code: string; says: string[] }[] = [
    {
      name: 'an unknown key, with the nearest known one',
      value: { cameras: [{ ...door, treshold: 0.5 }] },
      code: 'CONFIG_UNKNOWN_KEY',
      says: ['cameras[0].treshold', 'unknown key', '"threshold"'],
    },
    {
      name: 'an unknown key inside a source',
      value: { cameras: [{ id: 'door', source: { ...door.source, pasword: 'x' } }] },
      code: 'CONFIG_UNKNOWN_KEY',
      says: ['cameras[0].source.pasword', '"password"'],
    },
    {
      name: 'an unknown key inside a greeting, which may also be false',
      value: { cameras: [{ ...door, greeting: { phrse: 'Hello' } }] },
      code: 'CONFIG_UNKNOWN_KEY',
      says: ['cameras[0].greeting.phrse', '"phrase"'],
    },
    {
      name: 'a wrong type',
      value: { cameras: [{ ...door, fps: 'fast' }] },
      code: 'CONFIG_INVALID',
      says: ['cameras[0].fps', 'expected number'],
    },
    {
      name: 'a key that is not there',
      value: { cameras: [{ source: door.source }] },
      code: 'CONFIG_INVALID',
      says: ['cameras[0].id: missing; expected string'],
    },
    {
      name: 'a number out of range',
      value: { cameras: [{ ...door, threshold: 52 }] },
      code: 'CONFIG_INVALID',
      says: ['cameras[0].threshold', '2'],
    },
    {
      name: 'a kind of source that does not exist',
      value: { cameras: [{ id: 'door', source: { kind: 'onvif' } }] },
      code: 'CONFIG_INVALID',
      says: ["cameras[0].source.kind: expected one of 'rtsp' | 'webcam'"],
    },
    {
      name: 'an address of another kind',
      value: { cameras: [{ id: 'door', source: { kind: 'rtsp', url: 'http://user:secret@door/' } }] },
      code: 'CONFIG_INVALID',
      says: ['cameras[0].source.url: no address that begins with rtsp:// or rtsps://'],
    },
    {
      name: 'two cameras of one id',
      value: { cameras: [door, { ...door }] },
      code: 'CONFIG_DUPLICATE_CAMERA',
      says: ['cameras[1].id', '"door"', 'cameras[0]'],
    },
    {
      name: 'an environment variable that is not set',
      value: { cameras: [{ id: 'door', source: { ...door.source, password: '${DOOR_PASSWORD}' } }] },
      code: 'CONFIG_ENV_MISSING',
      says: ['cameras[0].source.password', 'DOOR_PASSWORD'],
    },
    {
      name: 'no cameras',
      value: { cameras: [] },
      code: 'CONFIG_INVALID',
      says: ['cameras', 'at least one camera'],
    },
    { name: 'a list instead of an object', value: [], code: 'CONFIG_INVALID', says: ['the file', 'object'] },
    {
      name: 'several faults at once, each named',
      value: { cameras: [{ ...door, fps: 'fast', colour: 'red' }], server: { port: 99_999 } },
      code: 'CONFIG_INVALID',
      says: ['cameras[0].fps', 'cameras[0].colour', 'server.port'],
    },
    {
      name: 'a phrase with a placeholder that does not exist',
      value: { cameras: [{ ...door, greeting: { phrase: 'Welcome {name}' } }] },
      code: 'CONFIG_INVALID',
      says: ['camera "door"', '{name}'],
    },
    {
      name: 'a mask of two corners',
      value: {
        cameras: [
          {
            ...door,
            masks: [
              [
                [0, 0],
                [1, 1],
              ],
            ],
          },
        ],
      },
      code: 'CONFIG_INVALID',
      says: ['cameras[0].masks[0]', 'at least 3 corners'],
    },
    {
      name: 'a corner outside of the picture, as of pixels',
      value: {
        cameras: [
          {
            ...door,
            ignoreFaces: [
              [
                [0, 0],
                [640, 0],
                [0, 1],
              ],
            ],
          },
        ],
      },
      code: 'CONFIG_INVALID',
      says: ['cameras[0].ignoreFaces[0][1][0]', '<=1'],
    },
    {
      name: 'a zone that encloses nothing',
      value: {
        cameras: [
          {
            ...door,
            zones: [
              {
                name: 'door',
                area: [
                  [0, 0],
                  [0.5, 0.5],
                  [1, 1],
                ],
              },
            ],
          },
        ],
      },
      code: 'CONFIG_INVALID',
      says: ['cameras[0].zones[0].area', 'enclose less than 0.001'],
    },
    {
      name: 'two zones of one name',
      value: {
        cameras: [{ ...door, zones: [zone('door'), zone('door')] }],
      },
      code: 'CONFIG_INVALID',
      says: ['cameras[0].zones', 'two zones have one name'],
    },
    {
      name: 'a zone without a name',
      value: { cameras: [{ ...door, zones: [{ area: zone('').area }] }] },
      code: 'CONFIG_INVALID',
      says: ['cameras[0].zones[0].name'],
    },
    {
      name: 'a time of day that is none',
      value: { cameras: [{ ...door, greeting: { quietHours: { from: '25:00', to: '07:00' } } }] },
      code: 'CONFIG_INVALID',
      says: ['cameras[0].greeting.quietHours', 'a time of day as "22:00"'],
    },
  ];
  test.each(cases)('$name', ({ value, code, says }) => {
    const error = refusal(value);
    expect(error.code).toBe(code);
    for (const words of says) expect(error.message).toContain(words);
    expect(error.exitCode).toBe(78);
  });
});

describe('what is accepted', () => {
  test('defaults fill in what a camera leaves out, and a camera overrides them', () => {
    const config = checkConfig(
      {
        defaults: { fps: 5, threshold: 0.48, greeting: { language: 'is', cooldownSeconds: 60 } },
        cameras: [door, { ...door, id: 'gate', fps: 2, threshold: 0.6, greeting: { phrase: 'Hi {names}' } }],
      },
      FILE,
      {},
    );
    const [first, second] = cameraConfigs(config);
    expect(first).toMatchObject({
      id: 'door',
      name: 'door',
      fps: 5,
      threshold: 0.48,
      size: { width: 1280, height: 720 },
    });
    expect(first.greeting).toMatchObject({ kind: 'speech', language: 'is', cooldownSeconds: 60 });
    expect(second).toMatchObject({ fps: 2, threshold: 0.6 });
    expect(second.greeting).toMatchObject({ kind: 'speech', phrase: 'Hi {names}', language: 'is' });
  });

  test('greetings can be switched off, for one camera or for all but one', () => {
    const off = checkConfig(
      {
        cameras: [
          { ...door, greeting: false },
          { ...door, id: 'b' },
        ],
      },
      FILE,
      {},
    );
    expect(cameraConfigs(off).map((camera) => camera.greeting.kind)).toEqual(['off', 'speech']);
    const allOff = {
      defaults: { greeting: false },
      cameras: [door, { ...door, id: 'b', greeting: { volume: 0.5 } }],
    };
    expect(cameraConfigs(checkConfig(allOff, FILE, {})).map((camera) => camera.greeting.kind)).toEqual([
      'off',
      'speech',
    ]);
  });

  test('what of its frame a camera watches: everything, unless it is told', () => {
    const mask = zone('').area;
    const own = { masks: [mask], zones: [zone('lift'), zone('stairs')], ignoreFaces: [mask, mask] };
    const config = checkConfig({ cameras: [door, { ...door, id: 'b', ...own }] }, FILE, {});
    expect(cameraConfigs(config).map(({ areas }) => areas)).toEqual([everything, own]);
  });

  test('a camera that is switched off is not run', () => {
    const config = checkConfig({ cameras: [door, { ...door, id: 'b', enabled: false }] }, FILE, {});
    expect(cameraConfigs(config).map((camera) => camera.id)).toEqual(['door']);
  });

  test('a stream for the live view and what decodes are taken over, and its password is kept secret', () => {
    const source = { ...door.source, liveUrl: 'rtsp://desk:main%21stream@10.0.0.5/main' };
    const cameras = [
      { ...door, source },
      { ...door, id: 'gate', hardware: 'off' },
    ];
    const config = checkConfig({ defaults: { hardware: 'auto' }, cameras }, FILE, {});
    const [first, second] = cameraConfigs(config);
    expect(first.source).toMatchObject({ liveUrl: source.liveUrl });
    expect([first.hardware, second.hardware]).toEqual(['auto', 'off']);
    expect(cameraPasswords(config)).toContain('main!stream');
    expect(cameraPasswords(config)).toContain('main%21stream');
    expect(cameraConfigs(checkConfig({ cameras: [door] }, FILE, {}))[0].hardware).toBe('off');
  });

  test('secrets come from the environment and paths are seen from the file', () => {
    const config = checkConfig(
      {
        people: 'faces',
        cameras: [
          { id: 'door', source: { ...door.source, username: 'desk', password: '${DOOR_PASSWORD}' } },
          { id: 'clip', source: { kind: 'file', path: 'clips/a.mp4' }, greeting: { clip: 'chime.mp3' } },
        ],
      },
      FILE,
      { DOOR_PASSWORD: 'p@ss/word' },
    );
    expect(config.people).toBe('/etc/gatehouse/faces');
    expect(config.cameras[0].source).toMatchObject({ password: 'p@ss/word' });
    expect(config.cameras[1].source).toMatchObject({ path: '/etc/gatehouse/clips/a.mp4' });
    expect(cameraConfigs(config)[1].greeting).toMatchObject({
      kind: 'clip',
      clip: '/etc/gatehouse/chime.mp3',
    });
  });
});

describe('the file itself', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-config-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('one that is not there', async () => {
    await expect(readConfig(join(folder, 'none.json'), {})).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
    });
  });

  test('a folder in its place', async () => {
    await expect(readConfig(folder, {})).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
      remedy: 'That is a folder: name the file in it with --config.',
    });
  });

  test('one that is not JSON', async () => {
    const file = join(folder, 'broken.json');
    await writeFile(file, '{ "cameras": [ }');
    await expect(readConfig(file, {})).rejects.toMatchObject({ code: 'CONFIG_NOT_JSON' });
  });
});

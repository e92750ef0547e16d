import { Writable } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { GatehouseError } from '../../server/base/errors.js';
import { createLog, type LogOptions } from '../../server/base/log.js';

const PASSWORD = 'hunter2"\\ä';
const URL_WITH = 'rtsp://admin:s3cr3t@10.0.0.9:554/stream?token=tok3n';
const SECRETS = ['s3cr3t', 'tok3n', PASSWORD];

function collect(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const log = createLog({
    level: 'trace',
    readable: false,
    secrets: () => [PASSWORD],
    destination: new Writable({
      write(chunk: Buffer, _, done) {
        lines.push(chunk.toString());
        done();
      },
    }),
    ...options,
  });
  return { log, lines };
}

const failing = () => {
  const cause = Object.assign(new Error(`spawn ffmpeg -i ${URL_WITH}`), {
    spawnargs: ['-i', URL_WITH],
    cmd: `ffmpeg -i '${URL_WITH}'`,
  });
  return new GatehouseError('CAMERA_UNAUTHORISED', `refused ${PASSWORD}`, 'Check it.', { cause });
};

describe.each([
  ['JSON', false],
  ['readable', true],
])('no secret reaches a line of the %s log', (_, readable) => {
  test.each<[string, (log: ReturnType<typeof createLog>) => void]>([
    ['the message', (log) => log.info(`cannot open ${URL_WITH}`)],
    ['an argument of the message', (log) => log.info('cannot open %s with %j', URL_WITH, { at: PASSWORD })],
    ['a field', (log) => log.info({ url: URL_WITH, note: `it is ${PASSWORD}` }, 'x')],
    ['a field deep below', (log) => log.info({ camera: { source: [{ url: new URL(URL_WITH) }] } }, 'x')],
    ['the name of a field', (log) => log.info({ [URL_WITH]: 1 }, 'x')],
    [
      'a field named password',
      (log) => log.info({ a: { b: { password: 's3cr3t', authToken: 'tok3n' } } }, 'x'),
    ],
    ['headers', (log) => log.info({ headers: { Authorization: 'Basic s3cr3t', cookie: 'a=tok3n' } }, 'x')],
    ['a header in text', (log) => log.info('sent Authorization: Digest s3cr3t')],
    ['an error', (log) => log.error(failing())],
    ['an error named err', (log) => log.error({ err: failing() }, 'x')],
    ['an error named error', (log) => log.error({ error: failing() }, 'x')],
    [
      'errors in an AggregateError',
      (log) => log.error({ err: new AggregateError([failing()], URL_WITH) }, 'x'),
    ],
    ['the bindings of a child', (log) => log.child({ source: URL_WITH, camera: PASSWORD }).warn('x')],
  ])('in %s', async (_, write) => {
    const { log, lines } = collect({ readable });
    write(log);
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    for (const secret of SECRETS) {
      expect(lines[0]).not.toContain(secret);
      expect(lines[0]).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
  });
});

describe('what the log does say', () => {
  test('one JSON object a line, with level, time and the fields as they were', () => {
    const { log, lines } = collect();
    log.info({ camera: 'door', n: 30, ok: true, none: null }, 'live');
    expect(lines[0]).toMatch(/\}\n$/);
    expect(JSON.parse(lines[0])).toEqual({
      level: 30,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      pid: process.pid,
      camera: 'door',
      n: 30,
      ok: true,
      none: null,
      msg: 'live',
    });
  });

  test('an error with its code, remedy and cause, by either name', () => {
    for (const name of ['err', 'error']) {
      const { log, lines } = collect();
      log.error({ [name]: failing() }, 'x');
      const line = JSON.parse(lines[0]) as Record<string, { code: string; remedy: string; stack: string }>;
      expect(line[name]).toMatchObject({ code: 'CAMERA_UNAUTHORISED', remedy: 'Check it.' });
      expect(line[name].stack).toContain('caused by: Error: spawn ffmpeg -i rtsp://***@10.0.0.9:554/stream');
    }
  });

  test('readable lines for people', async () => {
    const { log, lines } = collect({ readable: true });
    log.info({ camera: 'door' }, 'live');
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    expect(lines[0]).toMatch(/INFO.*: live\n\s+camera: "door"\n$/);
  });

  test('from children too, what the level says now', () => {
    const { log, lines } = collect({ level: 'info' });
    const camera = log.child({ camera: 'door' });
    const deeper = camera.child({ try: 1 });
    camera.debug('too fine');
    log.level = 'debug';
    camera.debug('wanted now');
    deeper.debug('and deeper');
    log.level = 'warn';
    camera.info('no more');
    deeper.info('no more');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'wanted now',
      'and deeper',
    ]);
    expect(JSON.parse(lines[1])).toMatchObject({ camera: 'door', try: 1 });
  });

  test('nothing below its level', () => {
    const { log, lines } = collect({ level: 'warn' });
    log.info('x');
    expect(lines).toEqual([]);
  });
});

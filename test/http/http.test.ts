import { createAdaptorServer } from '@hono/node-server';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { LogLevel } from '../../server/base/log-levels.js';
import { silentLog } from '../../server/base/log.js';
import type { CameraInfo, Health } from '../../server/events/desk.js';
import { createAccess } from '../../server/http/access.js';
import { httpApp, type Desk } from '../../server/http/app.js';
import { checkExposure, listen, stopListening } from '../../server/http/listen.js';
import { acceptWebSockets } from '../../server/http/upgrade.js';
import { noLosses } from '../fixtures/no-losses.js';

const TOKEN = 'correct horse battery staple';
const health: Health = {
  status: 'ok',
  engine: 'onnx',
  cameras: [],
  problems: [],
  losses: noLosses,
  version: '0',
  uptime: 1,
};
let folder: string;
let level: LogLevel = 'info';
const desk: Desk = {
  health: () => health,
  cameras: () => [{ id: 'door' } as CameraInfo],
  clip: (camera) => (camera === 'door' ? join(folder, 'chime.wav') : null),
  people: () => [{ id: 'skuli', name: 'Skuli', photos: [] }],
  problems: () => [],
  portrait: (id) => Promise.resolve(id === 'skuli' ? new Uint8Array([1]) : null),
  visits: (limit) => ({ seq: limit, events: [] }),
  snapshot: () => Promise.resolve(null),
  metrics: () =>
    Promise.resolve({ text: '# TYPE gatehouse_x gauge\n', contentType: 'text/plain; version=0.0.4' }),
  get logLevel() {
    return level;
  },
  setLogLevel: (wanted) => void (level = wanted),
  spoken: (key) => (key === 'bad' ? Promise.reject(new Error('no voice')) : Promise.resolve(null)),
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-http-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Desk</title>');
  await writeFile(join(folder, 'chime.wav'), 'RIFF');
});
afterAll(() => rm(folder, { recursive: true }));

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});

async function serve(token: string | null) {
  let wall = Date.UTC(2030, 0, 1);
  const access = createAccess(token, () => wall);
  const server = createAdaptorServer({ fetch: httpApp(desk, access, folder, silentLog).fetch }) as Server;
  const accepted: string[] = [];
  const stopSockets = acceptWebSockets(
    server,
    access,
    {
      events: (_, since) => accepted.push(`events ${String(since)}`),
      live: (_, camera, pictures) => accepted.push(`live ${camera} ${pictures ? 'pictures' : 'faces'}`),
      video: (_, camera) => accepted.push(`video ${camera}`),
      hasCamera: (id) => id === 'door',
    },
    silentLog,
  );
  const port = await listen(server, '127.0.0.1', 0);
  running.push(async () => {
    await stopSockets();
    await stopListening(server);
  });
  const base = `http://127.0.0.1:${port}`;
  const get = (path: string, headers: Record<string, string> = {}) => fetch(base + path, { headers });
  /** Status of a WebSocket handshake: 101 where it is accepted. */
  const upgrade = async (path: string, headers: Record<string, string> = {}) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
    const status = await Promise.race([
      once(socket, 'open').then(() => 101),
      once(socket, 'unexpected-response').then(
        ([, response]) => (response as { statusCode: number }).statusCode,
      ),
    ]);
    socket.on('error', () => undefined);
    socket.terminate();
    return status;
  };
  return { port, base, get, upgrade, accepted, pass: (ms: number) => (wall += ms) };
}

/** A request whose Host header is chosen freely, which fetch does not allow. */
function getAs(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest({ port, host: '127.0.0.1', path: '/health', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .on('error', reject)
      .end();
  });
}

describe('without a token, on loopback', () => {
  test('the desk and its resources are open', async () => {
    const { get } = await serve(null);
    expect(await (await get('/health')).json()).toEqual(health);
    expect(await (await get('/')).text()).toContain('Desk');
    expect(await (await get('/api/people')).json()).toHaveLength(1);
    expect((await get('/api/people/skuli/photo.jpg')).headers.get('content-type')).toBe('image/jpeg');
    expect(await (await get('/api/visits?limit=7')).json()).toEqual({ seq: 7, events: [] });
    expect((await get('/api/cameras/door/clip')).headers.get('content-type')).toBe('audio/wav');
  });

  test('the metrics are there as Prometheus wants them', async () => {
    const { get } = await serve(null);
    const response = await get('/metrics');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toBe('# TYPE gatehouse_x gauge\n');
  });

  test('the log level is told, changed at once, and refused where it is none', async () => {
    const { base, get } = await serve(null);
    const put = (body: string, headers: Record<string, string> = {}) =>
      fetch(`${base}/api/log-level`, { method: 'PUT', body, headers });
    expect(await (await get('/api/log-level')).json()).toEqual({ level: 'info' });
    expect(await (await put('{"level":"debug"}')).json()).toEqual({ level: 'debug' });
    expect(await (await get('/api/log-level')).json()).toEqual({ level: 'debug' });
    for (const body of ['{"level":"loud"}', '{}', 'debug', '{"level":"info","more":1}']) {
      const response = await put(body);
      expect([body, response.status]).toEqual([body, 400]);
      expect(await response.json()).toMatchObject({
        code: 'HTTP_BAD_REQUEST',
        detail: expect.stringContaining('trace, debug') as string,
      });
    }
    expect((await put('{"level":"info"}', { origin: 'http://elsewhere.example' })).status).toBe(403);
    expect(level).toBe('debug');
    level = 'info';
  });

  test('every error is a problem with a stable code', async () => {
    const { get } = await serve(null);
    const cases: [string, number, string][] = [
      ['/api/nothing', 404, 'HTTP_NOT_FOUND'],
      ['/nothing', 404, 'HTTP_NOT_FOUND'],
      ['/api/people/nobody/photo.jpg', 404, 'PERSON_UNKNOWN'],
      ['/api/visits?limit=many', 400, 'HTTP_BAD_REQUEST'],
      ['/api/visits/x/snapshot.jpg', 404, 'HTTP_NOT_FOUND'],
      ['/api/cameras/gate/clip', 404, 'CLIP_MISSING'],
      ['/api/speech/0123.wav', 404, 'HTTP_NOT_FOUND'],
      ['/api/speech/bad.wav', 503, 'SPEECH_FAILED'],
    ];
    for (const [path, status, code] of cases) {
      const response = await get(path);
      expect([path, response.status]).toEqual([path, status]);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({ status, code });
    }
  });

  test('nothing outside the dashboard folder is served', async () => {
    const { get } = await serve(null);
    expect((await get('/..%2f..%2fetc%2fpasswd')).status).toBe(404);
  });

  test('a page of another site gets nothing, by HTTP or WebSocket, and neither does a rebound name', async () => {
    const { port, get, upgrade } = await serve(null);
    expect((await get('/health', { origin: 'https://evil.example' })).status).toBe(403);
    expect(await upgrade('/ws/events', { origin: 'https://evil.example' })).toBe(403);
    expect(await getAs(port, 'evil.example')).toBe(403);
    expect(await getAs(port, `localhost:${port}`)).toBe(200);
    expect(await upgrade('/ws/events', { origin: `http://127.0.0.1:${port}` })).toBe(101);
  });

  test('WebSockets are routed, and what is wrong with a handshake is said', async () => {
    const { upgrade, accepted } = await serve(null);
    expect(await upgrade('/ws/events?since=12')).toBe(101);
    expect(await upgrade('/ws/live/door')).toBe(101);
    expect(await upgrade('/ws/live/door?pictures=0')).toBe(101);
    expect(await upgrade('/ws/video/door')).toBe(101);
    expect(await upgrade('/ws/video/gate')).toBe(404);
    expect(await upgrade('/ws/events?since=yesterday')).toBe(400);
    expect(await upgrade('/ws/live/gate')).toBe(404);
    expect(await upgrade('/ws/else')).toBe(404);
    expect(accepted).toEqual(['events 12', 'live door pictures', 'live door faces', 'video door']);
  });
});

describe('with a token', () => {
  test('everything but the dashboard files asks for it', async () => {
    const { get, upgrade } = await serve(TOKEN);
    expect((await get('/')).status).toBe(200);
    for (const path of ['/health', '/metrics', '/api/log-level', '/api/people', '/api/nothing']) {
      const refused = await get(path);
      expect(refused.status).toBe(401);
      expect(await refused.json()).toMatchObject({ code: 'HTTP_UNAUTHORISED' });
    }
    expect(await upgrade('/ws/events')).toBe(401);
    expect((await get('/health', { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    expect((await get('/metrics', { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    expect((await get('/health', { authorization: 'Bearer wrong' })).status).toBe(401);
    expect(await upgrade('/ws/live/door', { authorization: `Bearer ${TOKEN}` })).toBe(101);
  });

  test('a browser signs in with it and gets a cookie that scripts cannot read and that runs out', async () => {
    const { base, get, upgrade, pass } = await serve(TOKEN);
    const signIn = (token: unknown, headers: Record<string, string> = {}) =>
      fetch(`${base}/api/session`, { method: 'POST', body: JSON.stringify({ token }), headers });
    expect((await signIn('wrong')).status).toBe(401);
    expect((await signIn(7)).status).toBe(400);
    expect((await signIn(TOKEN, { origin: 'https://evil.example' })).status).toBe(403);
    const signedIn = await signIn(TOKEN);
    expect(signedIn.status).toBe(204);
    const setCookie = signedIn.headers.get('set-cookie')!;
    expect(setCookie).toMatch(/HttpOnly/);
    expect(setCookie).toMatch(/SameSite=Strict/);
    const cookie = setCookie.split(';')[0];
    expect(cookie).not.toContain(TOKEN);
    expect((await get('/health', { cookie })).status).toBe(200);
    expect(await upgrade('/ws/events', { cookie })).toBe(101);
    expect((await get('/health', { cookie: `${cookie.slice(0, -2)}xx` })).status).toBe(401);
    pass(31 * 24 * 3600 * 1000);
    expect((await get('/health', { cookie })).status).toBe(401);
  });
});

describe('where it listens', () => {
  test('another address than loopback needs a token', () => {
    expect(() => checkExposure('0.0.0.0', null)).toThrow(
      expect.objectContaining({ code: 'CONFIG_TOKEN_REQUIRED' }),
    );
    expect(() => checkExposure('192.0.2.1', null)).toThrow();
    for (const host of ['127.0.0.1', 'localhost', '::1', '127.8.8.8'])
      expect(() => checkExposure(host, null)).not.toThrow();
    expect(() => checkExposure('0.0.0.0', TOKEN)).not.toThrow();
  });

  test('a port that is taken is said so', async () => {
    const { port } = await serve(null);
    await expect(listen(createServer(), '127.0.0.1', port)).rejects.toMatchObject({ code: 'PORT_IN_USE' });
  });
});

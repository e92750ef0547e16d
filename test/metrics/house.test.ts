import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../server/base/clock.js';
import { createLog } from '../../server/base/log.js';
import { compose, type House } from '../../server/compose.js';
import { cameraPasswords, configSchema } from '../../server/config.js';
import { demoPeople } from '../../server/demo/people.js';
import { SCENES } from '../fixtures/demo-clip.js';
import { readExposition } from '../fixtures/exposition.js';

// The whole house as it runs: real ffmpeg, real networks, one camera with drawn people and one that nobody answers at.

const PASSWORD = 'hunter2-secret';
const TOKEN = 'correct horse battery staple';
const config = configSchema.parse({
  server: { port: 0 },
  people: join(tmpdir(), 'gatehouse-no-such-people'),
  recognition: { engine: 'onnx', workers: 1 },
  cameras: [
    { id: 'entrance', source: { kind: 'demo', scene: 'entrance' } },
    {
      id: 'gate',
      source: { kind: 'rtsp', url: 'rtsp://127.0.0.1:9/live', username: 'desk', password: PASSWORD },
    },
  ],
});
const lines: string[] = [];
let data: string;
let house: House;
let url: string;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'gatehouse-metrics-'));
  if (existsSync(SCENES)) await cp(SCENES, join(data, 'demo'), { recursive: true });
  house = compose({
    ...{ config, data, token: TOKEN, clock: systemClock },
    log: createLog({
      level: 'info',
      readable: false,
      secrets: () => cameraPasswords(config),
      destination: new Writable({ write: (chunk: Buffer, _, done) => done(void lines.push(String(chunk))) }),
    }),
  });
  ({ url } = await house.start(new AbortController().signal));
}, 180_000);
afterAll(async () => {
  await house.close();
  await rm(data, { recursive: true, force: true });
});

const ask = (path: string, init: RequestInit = {}) =>
  fetch(new URL(path, url), { ...init, headers: { authorization: `Bearer ${TOKEN}` } });
const text = async () => (await ask('/metrics')).text();

/** Sum over the series of a metric whose labels hold these. */
async function sum(name: string, labels: Record<string, string> = {}): Promise<number> {
  const metric = readExposition(await text()).get(`gatehouse_${name}`)!;
  const samples = metric.samples.filter(
    (sample) =>
      (metric.type !== 'histogram' || sample.name.endsWith('_count')) &&
      Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  return samples.reduce((total, { value }) => total + value, 0);
}

test('what happens is counted and timed, from the frame to the event', { timeout: 120_000 }, async () => {
  const entrance = { camera: 'entrance' };
  const patience = { timeout: 90_000, interval: 500 };
  await expect
    .poll(() => sum('visits_total', { ...entrance, state: 'started' }), patience)
    .toBeGreaterThan(0);
  const before = await sum('frames_received_total', entrance);
  await expect.poll(() => sum('frames_received_total', entrance), patience).toBeGreaterThan(before);
  for (const name of ['frames_recognised_total', 'camera_recognition_seconds_total', 'frames_moved_total'])
    expect(await sum(name, entrance), name).toBeGreaterThan(0);
  for (const name of ['frame_to_faces_seconds', 'frame_to_event_seconds', 'frames_looked_at_total'])
    expect(await sum(name, entrance), name).toBeGreaterThan(0);
  for (const stage of ['detect', 'landmarks', 'quality', 'embed'])
    expect(await sum('recognition_stage_seconds', { stage, engine: 'onnx' }), stage).toBeGreaterThan(0);
  for (const name of ['journal_write_seconds', 'gallery_search_seconds', 'worker_busy_seconds_total'])
    expect(await sum(name), name).toBeGreaterThan(0);
  expect(await sum('gallery_people')).toBe(demoPeople.length);
  expect(await sum('camera_state', { ...entrance, state: 'live' })).toBe(1);
  // A worker cannot have been at a camera's frames for longer than it was busy.
  expect(await sum('camera_recognition_seconds_total')).toBeLessThan(await sum('worker_busy_seconds_total'));
});

test('a camera that nobody answers at is counted by why, and named in the log', async () => {
  await expect
    .poll(() => sum('camera_restarts_total', { camera: 'gate', code: 'CAMERA_UNREACHABLE' }), {
      timeout: 30_000,
    })
    .toBeGreaterThan(0);
  expect(await sum('camera_state', { camera: 'gate', state: 'live' })).toBe(0);
  const said = lines.map((line) => JSON.parse(line) as { camera?: string; code?: string });
  expect(said).toContainEqual(expect.objectContaining({ camera: 'gate', code: 'CAMERA_UNREACHABLE' }));
});

test('no password, no token and nobody by name', async () => {
  const exposed = await text();
  for (const secret of [PASSWORD, TOKEN, 'rtsp://', '127.0.0.1']) expect(exposed).not.toContain(secret);
  for (const { id, name } of demoPeople)
    for (const word of [id, name]) expect(exposed).not.toMatch(new RegExp(`\\b${word}\\b`, 'i'));
  expect(lines.join('')).not.toContain(PASSWORD);
});

test('the log level changes while it runs, and that is said', async () => {
  const put = await ask('/api/log-level', { method: 'PUT', body: '{"level":"error"}' });
  expect(await put.json()).toEqual({ level: 'error' });
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ level: 40, from: 'info', to: 'error' });
});

import { existsSync } from 'node:fs';
import { cp, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { CameraInfo } from '../../server/events/desk.js';
import type {
  CameraStateEvent,
  ConfigAppliedEvent,
  ConfigRefusedEvent,
  FeedMessage,
} from '../../server/events/event.js';
import { decodeLive } from '../../server/events/live.js';
import { SCENES } from '../fixtures/demo-clip.js';
import {
  childrenOf,
  productFolder,
  startProduct,
  type FeedClient,
  type Product,
} from '../fixtures/product.js';

type Camera = Record<string, unknown> & { id: string };

const isApplied = (message: FeedMessage): message is ConfigAppliedEvent => message.type === 'config.applied';
const isRefused = (message: FeedMessage): message is ConfigRefusedEvent => message.type === 'config.refused';
const isState = (message: FeedMessage): message is CameraStateEvent => message.type === 'camera.state';

let place: Awaited<ReturnType<typeof productFolder>>;
let product: Product;
let feed: FeedClient;
let shipped: { cameras: Camera[] };
let entrance: { sequences: number[]; close(): void };

/** Puts another configuration in place, as editors do, and waits for what it brought about. */
async function change(config: object): Promise<ConfigAppliedEvent> {
  const from = lastSeq();
  await put(JSON.stringify(config));
  return feed.until((message): message is ConfigAppliedEvent => isApplied(message) && message.seq > from);
}
async function put(text: string): Promise<void> {
  await writeFile(`${place.config}~`, text);
  await rename(`${place.config}~`, place.config);
}
const lastSeq = () => feed.events().at(-1)?.seq ?? 0;
const states = (from: number, camera: string) =>
  feed
    .events()
    .filter((event) => event.seq > from && isState(event) && event.camera === camera)
    .map((event) => (event as CameraStateEvent).state);
const cameras = async () => (await (await product.get('/api/cameras')).json()) as CameraInfo[];
const camerasNow = async () => Object.fromEntries((await cameras()).map((camera) => [camera.id, camera]));
const live = (...ids: string[]) =>
  expect
    .poll(async () => (await cameras()).map(({ id, state }) => `${id} ${state}`), { timeout: 60_000 })
    .toEqual(ids.map((id) => `${id} live`));
const ffmpegs = async () =>
  (await childrenOf(product.child.pid!)).filter(({ command }) => command.includes('ffmpeg'));

/** The sequences of a camera's live pictures: a stream that is opened anew counts from the beginning. */
function watch(camera: string): { sequences: number[]; close(): void } {
  const sequences: number[] = [];
  const socket = new WebSocket(`${product.url.replace('http', 'ws')}/ws/live/${camera}`);
  socket.binaryType = 'arraybuffer';
  socket.on('message', (data) => sequences.push(decodeLive(data as ArrayBuffer).header.sequence));
  socket.on('error', () => undefined);
  return { sequences, close: () => socket.terminate() };
}

beforeAll(async () => {
  const file = JSON.parse(await readFile('streams.config.json', 'utf8')) as typeof shipped;
  // Which engine is the fastest is measured elsewhere.
  shipped = { ...file, recognition: { engine: 'onnx', workers: 1 } } as typeof shipped;
  place = await productFolder(shipped);
  if (existsSync(SCENES)) await cp(SCENES, join(place.data, 'demo'), { recursive: true });
  product = await startProduct(place);
  feed = await product.feed(0);
  entrance = watch('entrance');
}, 240_000);

afterAll(async () => {
  entrance.close();
  feed.close();
  await product.stop('SIGKILL');
  await place.remove();
});

describe('a configuration that is changed while the server runs', () => {
  test('a threshold is taken over at once, and no stream is opened anew', async () => {
    await live('entrance', 'lobby', 'side-door');
    const before = await ffmpegs();
    const from = lastSeq();
    const applied = await change({
      ...shipped,
      cameras: shipped.cameras.map((each) => (each.id === 'lobby' ? { ...each, threshold: 0.31 } : each)),
    });
    expect(applied).toMatchObject({
      added: [],
      removed: [],
      restarted: [],
      changed: ['lobby'],
      needsRestart: [],
    });
    expect((await camerasNow())['lobby'].threshold).toBe(0.31);
    expect((await camerasNow())['entrance'].threshold).not.toBe(0.31);
    expect((await ffmpegs()).map(({ pid }) => pid).sort()).toEqual(before.map(({ pid }) => pid).sort());
    expect(['entrance', 'lobby', 'side-door'].flatMap((id) => states(from, id))).toEqual([]);
    const decided = await feed.until(
      (message) =>
        message.type === 'visit.started' && message.camera === 'lobby' && message.seq > applied.seq,
      90_000,
    );
    expect(decided).toMatchObject({ threshold: 0.31 });
  });

  test('a name is taken over; another rate restarts that camera alone, and its visits end first', async () => {
    await feed.until((message) => message.type === 'visit.started' && message.camera === 'side-door', 90_000);
    const from = lastSeq();
    const applied = await change({
      ...shipped,
      cameras: shipped.cameras.map((each) =>
        each.id === 'side-door' ? { ...each, name: 'Back', fps: 5 } : each,
      ),
    });
    expect(applied).toMatchObject({ restarted: ['side-door'], changed: ['lobby'] });
    await live('entrance', 'lobby', 'side-door');
    expect((await camerasNow())['side-door'].name).toBe('Back');
    expect(states(from, 'side-door').slice(0, 2)).toEqual(['stopped', 'starting']);
    expect([...states(from, 'entrance'), ...states(from, 'lobby')]).toEqual([]);
    const ofDoor = feed.events().filter((event) => event.camera === 'side-door' && event.seq < applied.seq);
    const ids = (type: string) =>
      ofDoor.flatMap((event) => (event.type === type && 'visit' in event ? [event.visit] : []));
    expect(new Set(ids('visit.ended'))).toEqual(new Set(ids('visit.started')));
  });

  test('cameras come and go; one that went has no picture any more', async () => {
    const from = lastSeq();
    const watcher = watch('lobby');
    await expect.poll(() => watcher.sequences.length, { timeout: 30_000 }).toBeGreaterThan(0);
    const [first, lobby] = shipped.cameras;
    const yard = { ...lobby, id: 'yard', name: 'Yard' };
    const applied = await change({
      ...shipped,
      cameras: [first, yard, { ...shipped.cameras[2], enabled: false }],
    });
    expect(applied).toMatchObject({ added: ['yard'], removed: ['lobby', 'side-door'], restarted: [] });
    await live('entrance', 'yard');
    expect(states(from, 'lobby')).toEqual(['stopped']);
    expect(states(from, 'side-door')).toEqual(['stopped']);
    expect(await ffmpegs()).toHaveLength(2);
    const refused = await new Promise<number | undefined>((resolve) => {
      const socket = new WebSocket(`${product.url.replace('http', 'ws')}/ws/live/lobby`);
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
      socket.on('open', () => resolve(undefined));
      socket.on('error', () => undefined);
    });
    expect(refused).toBe(404);
    watcher.close();
  });

  test('a broken file changes nothing and stands among the problems, by its path, until it is mended', async () => {
    const from = lastSeq();
    await put(JSON.stringify({ ...shipped, cameras: [{ ...shipped.cameras[0], treshold: 0.4 }] }));
    const refused = await feed.until(
      (message): message is ConfigRefusedEvent => isRefused(message) && message.seq > from,
    );
    expect(refused).toMatchObject({ code: 'CONFIG_UNKNOWN_KEY' });
    const { status, problems } = await product.health();
    expect(status).toBe('degraded');
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/CONFIG_UNKNOWN_KEY: .*cameras\[0\]\.treshold.*"threshold"/);
    expect((await cameras()).map(({ id }) => id)).toEqual(['entrance', 'yard']);
    product.child.kill('SIGHUP');
    await change(shipped);
    expect((await product.health()).problems).toEqual([]);
    expect(product.output().match(/"the changed configuration is not used/g)).toHaveLength(1);
    await live('entrance', 'lobby', 'side-door');
  });

  test('what needs a restart is said, and the rest is applied', async () => {
    const wanted = {
      ...shipped,
      server: { port: 1 },
      recognition: { engine: 'onnx', workers: 2 },
      defaults: { ...(shipped as { defaults?: object }).defaults, threshold: 0.44 },
    };
    const applied = await change(wanted);
    expect(applied.needsRestart.sort()).toEqual(['recognition.workers', 'server.port']);
    expect(applied).toMatchObject({ changed: ['entrance', 'lobby', 'side-door'], restarted: [] });
    expect((await cameras()).map(({ threshold }) => threshold)).toEqual([0.44, 0.44, 0.44]);
    expect((await product.health()).problems.join()).toMatch(/CONFIG_NEEDS_RESTART.*server\.port/);
    await change(shipped);
    expect((await product.health()).problems).toEqual([]);
  });

  test('fifty quick rewrites settle to the last one', async () => {
    for (let index = 1; index <= 50; index += 1)
      await put(
        JSON.stringify({
          ...shipped,
          cameras: shipped.cameras.slice(0, 1 + (index % 3)),
          defaults: { threshold: index / 100 },
        }),
      );
    await expect.poll(async () => (await camerasNow())['entrance'].threshold, { timeout: 30_000 }).toBe(0.5);
    await live('entrance', 'lobby', 'side-door');
    expect(await ffmpegs()).toHaveLength(3);
  });

  test('through all of that the entrance went on without a break', async () => {
    const { sequences } = entrance;
    const count = sequences.length;
    await expect.poll(() => sequences.length, { timeout: 30_000 }).toBeGreaterThan(count);
    expect(sequences.length).toBeGreaterThan(20);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    expect(states(0, 'entrance')).toEqual(['starting', 'live']);
    const { code } = await product.stop();
    expect(code).toBe(0);
  });
});

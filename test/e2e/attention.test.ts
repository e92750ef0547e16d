import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFfmpeg } from '../../server/cameras/find-ffmpeg.js';
import { writeDemoPeople } from '../../server/demo/enrolment.js';
import { demoPeople } from '../../server/demo/people.js';
import type { CameraInfo } from '../../server/events/desk.js';
import type { FeedMessage, VisitEnded, VisitRecognised } from '../../server/events/event.js';
import { makeCrossing, type CrossingClips } from '../fixtures/crossing-clip.js';
import { readExposition } from '../fixtures/exposition.js';
import { knowEngines } from '../fixtures/measured-engines.js';
import { productFolder, startProduct, type FeedClient, type Product } from '../fixtures/product.js';
import { RtspCamera } from '../fixtures/rtsp-camera.js';

const [walker] = demoPeople;
const isRecognised = (message: FeedMessage): message is VisitRecognised =>
  message.type === 'visit.recognised';
const isEnded = (message: FeedMessage): message is VisitEnded => message.type === 'visit.ended';

let clips: CrossingClips;
let camera: RtspCamera;
let place: Awaited<ReturnType<typeof productFolder>>;
let product: Product;
let feed: FeedClient;

/** What `/metrics` says of the door. */
async function metrics() {
  const all = readExposition(await (await product.get('/metrics')).text());
  const read = (name: string, labels: Record<string, string> = {}) =>
    all
      .get(name)!
      .samples.filter(
        (sample) =>
          sample.labels['camera'] === 'door' &&
          Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
      )
      .reduce((sum, { value }) => sum + value, 0);
  const wakes = (cause: string) => read('gatehouse_camera_wakes_total', { cause });
  return {
    live: read('gatehouse_camera_state', { state: 'live' }),
    awake: read('gatehouse_camera_awake'),
    fps: read('gatehouse_camera_frames_per_second'),
    awakeSeconds: read('gatehouse_camera_awake_seconds_total'),
    wakes: read('gatehouse_camera_wakes_total'),
    byPictures: wakes('motion') + wakes('size'),
  };
}
const attention = async () =>
  ((await (await product.get('/api/cameras')).json()) as CameraInfo[])[0].attention;
const comes = (state: 'quiet' | 'awake', withinMs: number) =>
  expect.poll(attention, { timeout: withinMs, interval: 50 }).toBe(state);

beforeAll(async () => {
  const ffmpeg = await findFfmpeg({ env: {} });
  clips = await makeCrossing(ffmpeg.path, walker);
  camera = await new RtspCamera({ clip: clips.empty }).open();
  place = await productFolder({
    cameras: [{ id: 'door', source: { kind: 'rtsp', url: camera.url }, attention: { mode: 'auto' } }],
  });
  const drawn = await mkdtemp(join(tmpdir(), 'gatehouse-portraits-'));
  for (const portrait of await writeDemoPeople(drawn))
    await copyFile(portrait, join(place.people, basename(portrait)));
  await rm(drawn, { recursive: true });
  await knowEngines(place.data);
  product = await startProduct(place);
  feed = await product.feed(0);
});

afterAll(async () => {
  feed.close();
  await product.stop('SIGKILL');
  await camera.close();
  await place.remove();
});

describe('an RTSP camera that may be quiet, as whoever integrates the product sees it', () => {
  test('is quiet while nothing happens: live, and about a frame a second', async () => {
    await expect.poll(async () => (await product.health()).status, { timeout: 60_000 }).toBe('ok');
    await comes('quiet', 20_000);
    await expect.poll(async () => (await metrics()).fps, { timeout: 20_000 }).toBeLessThan(2);
    const { cameras } = await product.health();
    expect(cameras).toEqual([expect.objectContaining({ id: 'door', state: 'live', reason: null })]);
    expect(await metrics()).toMatchObject({ live: 1, awake: 0 });
    expect(feed.events().filter(({ type }) => type.startsWith('visit.'))).toEqual([]);
  });

  test('wakes for somebody who walks in, who is named once', async () => {
    const before = await metrics();
    camera.swap(clips.crossing);
    await comes('awake', 5000);
    expect((await metrics()).awake).toBe(1);
    const named = await feed.until(isRecognised, 20_000);
    expect(named).toMatchObject({ camera: 'door', person: { id: walker.id } });
    const after = await metrics();
    // It was the pictures that woke it, not a person whom nobody had seen yet.
    expect(after.byPictures).toBeGreaterThan(before.byPictures);
    expect(after.wakes - before.wakes).toBe(after.byPictures - before.byPictures);
    expect(after.awakeSeconds).toBeGreaterThan(before.awakeSeconds);
  });

  test('is quiet again once nobody is there, and the visit has ended', async () => {
    const ended = await feed.until(isEnded, 30_000);
    // Nobody comes a second time.
    camera.swap(clips.empty);
    await comes('quiet', 20_000);
    const { wakes } = await metrics();
    // It stays so: the rate is that of the last seconds, and sinks only where it is left to its key pictures.
    await expect.poll(async () => (await metrics()).fps, { timeout: 20_000 }).toBeLessThan(2);
    const { awake, awakeSeconds, wakes: later } = await metrics();
    expect(awake).toBe(0);
    expect(later).toBe(wakes);
    expect(awakeSeconds).toBeGreaterThan(3);
    expect(awakeSeconds).toBeLessThan(30);
    expect(ended).toMatchObject({ camera: 'door', person: { id: walker.id } });
  });

  test('was one visit with one name, and no event was lost', async () => {
    const events = feed.events();
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const visits = events.flatMap((event) => ('visit' in event ? [event] : []));
    expect(visits.map(({ type }) => type)).toEqual(['visit.started', 'visit.recognised', 'visit.ended']);
    expect(new Set(visits.map(({ visit }) => visit)).size).toBe(1);
    const states = events.flatMap((event) => (event.type === 'camera.state' ? [event.state] : []));
    expect(states).toEqual(['starting', 'live']);
    const { status, losses } = await product.health();
    expect(status).toBe('ok');
    expect(losses).toMatchObject({ eventsLost: 0, eventsWaiting: 0, clientsCutOff: 0 });
    // Whoever comes later is told the same.
    const later = await product.feed(0);
    await later.until((message) => 'seq' in message && message.seq === events.at(-1)!.seq);
    expect(later.events()).toEqual(events);
    later.close();
  });
});

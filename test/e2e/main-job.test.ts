import { cp, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, CDPSession } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CameraInfo, PersonInfo } from '../../server/events/desk.js';
import type {
  FeedMessage,
  GreetingEvent,
  VisitEnded,
  VisitRecognised,
  VisitUnknown,
} from '../../server/events/event.js';
import { demoPeople, demoStrangers } from '../../server/demo/people.js';
import { browserNeeded, launch, look, noBrowser, openDesk, type Desk } from '../dashboard/browser.js';
import { SCENES } from '../fixtures/demo-clip.js';
import {
  childrenOf,
  productFolder,
  startProduct,
  type FeedClient,
  type Product,
} from '../fixtures/product.js';

const isRecognised = (message: FeedMessage): message is VisitRecognised =>
  message.type === 'visit.recognised';
const isUnknown = (message: FeedMessage): message is VisitUnknown => message.type === 'visit.unknown';
const isEnded = (message: FeedMessage): message is VisitEnded => message.type === 'visit.ended';

let place: Awaited<ReturnType<typeof productFolder>>;
let product: Product;
let feed: FeedClient;

beforeAll(async () => {
  place = await productFolder(JSON.parse(await readFile('streams.config.json', 'utf8')) as unknown);
  // Drawing the scenes is tested for itself; here they are kept from one run to the next where there are any.
  if (existsSync(SCENES)) await cp(SCENES, join(place.data, 'demo'), { recursive: true });
  product = await startProduct(place);
  feed = await product.feed(0);
}, 120_000);

afterAll(async () => {
  feed.close();
  await product.stop('SIGKILL');
  await place.remove();
});

describe('the shipped configuration, as the first line of the README starts it', () => {
  test('the drawn people are enrolled, at least eight of them, and the strangers are not', async () => {
    const people = (await (await product.get('/api/people')).json()) as PersonInfo[];
    expect(people.map((person) => person.id).sort()).toEqual(demoPeople.map((person) => person.id).sort());
    expect(people.length).toBeGreaterThanOrEqual(8);
    expect(demoStrangers.length).toBeGreaterThan(0);
    expect(await (await product.get('/api/people/problems')).json()).toEqual([]);
    expect((await product.get(`/api/people/${people[0].id}/photo.jpg`)).headers.get('content-type')).toBe(
      'image/jpeg',
    );
  });

  test('every camera is live within a minute and a half, and health is ok', async () => {
    await expect
      .poll(async () => (await product.health()).status, { timeout: 90_000, interval: 500 })
      .toBe('ok');
    const health = await product.health();
    expect(health.engine).toMatch(/onnx|tfjs|wasm/);
    expect(health.cameras.map(({ id, state, reason }) => ({ id, state, reason }))).toEqual(
      ['entrance', 'lobby', 'side-door'].map((id) => ({ id, state: 'live', reason: null })),
    );
  });

  test('somebody is recognised, within the threshold, with at least two candidates', async () => {
    const event = await feed.until(isRecognised, 60_000);
    console.log('recognised:', JSON.stringify(event));
    expect(event.distance).toBeLessThanOrEqual(event.threshold);
    expect(event.candidates.length).toBeGreaterThanOrEqual(2);
    expect(event.candidates[0]).toEqual({ person: event.person, distance: event.distance });
    expect(event.margin).toBeCloseTo(event.candidates[1].distance - event.candidates[0].distance, 6);
    expect(event.frame).toEqual({ width: 1280, height: 720 });
    expect(event.box.x).toBeGreaterThanOrEqual(-event.box.width);
    expect(event.score).toBeGreaterThan(0);
    expect(event.latencyMs).toBeGreaterThan(0);
    const snapshot = await product.get(event.snapshot!);
    expect(snapshot.headers.get('content-type')).toBe('image/jpeg');
  });

  test('the stranger stays unknown', async () => {
    const event = await feed.until(isUnknown, 90_000);
    console.log('unknown:', JSON.stringify(event));
    expect(event.person).toBeNull();
    expect(event.distance).toBeGreaterThan(event.threshold);
  });

  test('two people who come together are greeted in one sentence', async () => {
    const both = await feed.until(
      (message): message is GreetingEvent => message.type === 'greeting' && message.people.length === 2,
      90_000,
    );
    console.log('greeted:', both.text);
    expect(both.text).toBe(`Welcome ${both.people[0].name} and ${both.people[1].name}, have a nice day!`);
    expect(both.visits).toHaveLength(2);
  });

  test('each visit has one start, one verdict at most, one end, in this order', async () => {
    await feed.until(isEnded, 60_000);
    const visits = new Map<string, string[]>();
    for (const event of feed.events()) {
      if ('visit' in event) visits.set(event.visit, [...(visits.get(event.visit) ?? []), event.type]);
    }
    for (const types of visits.values()) {
      expect(types.join(' ')).toMatch(/^visit\.started( visit\.(recognised|unknown))?( visit\.ended)?$/);
    }
  });

  test('the feed counts up by one, and a client that comes back gets what it missed', async () => {
    const seqs = feed.events().map((event) => event.seq);
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1));
    const again = await product.feed(3);
    await again.until((message) => 'seq' in message && message.seq === seqs.at(-1));
    expect(again.events().slice(0, seqs.length - 3)).toEqual(feed.events().slice(3, seqs.length));
    again.close();
  });

  test('the latency of every camera is told', async () => {
    const cameras = (await (await product.get('/api/cameras')).json()) as CameraInfo[];
    console.log(
      'latency:',
      cameras
        .map(({ id, latency, fps }) => `${id} p50 ${latency?.p50} ms p95 ${latency?.p95} ms at ${fps} fps`)
        .join('; '),
    );
    for (const camera of cameras) expect(camera.latency!.p50).toBeGreaterThan(0);
  });
});

describe.skipIf(noBrowser)(`the desk in a real browser${browserNeeded}`, () => {
  let browser: Browser;
  let desk: Desk;
  let session: CDPSession;
  const app = `document.querySelector('gh-app').shadowRoot`;
  const control = `${app}.querySelector('gh-sound-control').shadowRoot`;

  beforeAll(async () => {
    browser = await launch();
    desk = await openDesk(browser, product.url);
    session = await desk.page.context().newCDPSession(desk.page);
  });
  afterAll(() => browser.close());

  test('the greeting is really heard after a real click', async () => {
    const button = `${control}.querySelector('button.state')`;
    await expect.poll(() => look<boolean>(session, `!!(${app} && ${control} && ${button})`)).toBe(true);
    const { x, y } = await look<{ x: number; y: number }>(
      session,
      `(() => { const box = ${button}.getBoundingClientRect(); return { x: box.x + box.width / 2, y: box.y + box.height / 2 }; })()`,
    );
    await desk.page.mouse.click(x, y);
    await expect.poll(() => look<string>(session, `${button}.className`)).toBe('state on');
    let loudest = 0;
    await expect
      .poll(
        async () => {
          const level = await look<number>(
            session,
            `Number(${control}.querySelector('gh-level-meter')?.shadowRoot.querySelector('svg').getAttribute('aria-valuenow') ?? 0)`,
          );
          loudest = Math.max(loudest, level);
          return loudest;
        },
        { timeout: 60_000, interval: 40 },
      )
      .toBeGreaterThan(0.02);
    console.log(`loudest RMS of the greeting: ${loudest.toFixed(3)}`);
  });

  test('the live pictures are there, and nothing was refused or failed', async () => {
    await expect.poll(() => desk.page.locator('gh-live-tile').count()).toBe(3);
    expect(desk.complaints).toEqual([]);
  });
});

describe('stopping', () => {
  test('takes at most two seconds, ends what was going on, and leaves no process behind', async () => {
    const children = await childrenOf(product.child.pid!);
    expect(children.filter((child) => child.command.includes('ffmpeg')).length).toBe(3);
    const { code, ms } = await product.stop();
    console.log(`stopped in ${Math.round(ms)} ms`);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(4_000);
    for (const { pid } of children) expect(existsSync(`/proc/${pid}`)).toBe(false);
    const open = new Set<string>();
    for (const event of feed.events()) {
      if (event.type === 'visit.started') open.add(event.visit);
      if (event.type === 'visit.ended') open.delete(event.visit);
    }
    expect([...open]).toEqual([]);
  });
});

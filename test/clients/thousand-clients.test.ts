import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { interval, map, NEVER, ReplaySubject } from 'rxjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock as clock } from '../../server/base/clock.js';
import { silentLog } from '../../server/base/log.js';
import type { ConfigRefusedEvent, Draft } from '../../server/events/event.js';
import { openJournal, type Journal } from '../../server/events/journal.js';
import type { Recogniser } from '../../server/faces/recogniser.js';
import { startRecogniser } from '../../server/faces/start-recogniser.js';
import type { YuvPicture } from '../../server/frames/frame.js';
import { FreshestFrame } from '../../server/frames/freshest.js';
import { createAccess } from '../../server/http/access.js';
import { listen, stopListening } from '../../server/http/listen.js';
import { acceptWebSockets } from '../../server/http/upgrade.js';
import { noMatch } from '../../server/identities/match.js';
import { createFeed } from '../../server/outlets/feed.js';
import { composeLivePictures } from '../../server/compose/live-pictures.js';
import { createLiveView } from '../../server/outlets/live.js';
import { pipeline } from '../../server/pipeline.js';
import { CameraRoster } from '../../server/pipeline/camera-roster.js';
import { range, draft } from '../events/event-drafts.js';
import { drawnPicture } from '../faces/drawn-picture.js';
import { toYuv } from '../fixtures/yuv.js';
import type { Crowd, Received } from './clients.js';

/** 1,000 clients, of which 100 never read. */
const crowd: Omit<Crowd, 'url'> = { readers: 880, watchers: 20, deafReaders: 50, deafWatchers: 50 };
const CLIENTS = crowd.readers + crowd.watchers + crowd.deafReaders + crowd.deafWatchers;
/** What the deaf ones ask for: more than the system's own buffers take for a client. */
const OLD_EVENTS = 20_000;
const size = { width: 1280, height: 720 };
/** Well below what the engine can do, so that a busy machine alone changes nothing. */
const CAMERA_FPS = 3;
const EVENTS_PER_SECOND = 10;
const MEASURED_MS = 10_000;
/** The rate of recognition with the crowd must be at least this part of the rate without. */
const LEAST_RATIO = 0.9;
/** A deaf reader may leave 1 MiB unread, a deaf watcher 0.5 MiB and a picture; and something is let for sockets. */
const MOST_GROWTH_MB = 350;

let folder: string;
let journal: Journal;
let recogniser: Recogniser;
let scenes: YuvPicture[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-clients-'));
  journal = await openJournal({ folder, clock, log: silentLog, maxBytes: 1 << 30, maxAgeMs: Infinity });
  for (let n = 1; n <= OLD_EVENTS; n += 500)
    await journal.append(range(n, n + 499).map((each) => draft(each, 'x'.repeat(400))));
  const options = { engine: 'onnx', workers: 1, network: 'dlib-resnet', modelsFolder: 'nowhere' } as const;
  recogniser = await startRecogniser({ ...options, log: silentLog });
  // Somebody who moves, so that every frame is worth a look.
  const drawn = await Promise.all([500, 660].map((x) => drawnPicture([{ id: 'skuli', x, y: 300 }], size)));
  // The noise of a dark room makes pictures large, so that deaf watchers have much to leave unread.
  for (const { pixels } of drawn)
    for (let i = 0, noise = 1; i < pixels.length; i += 1) {
      noise = (noise * 16_807) % 2_147_483_647;
      pixels[i] = Math.min(255, Math.max(0, pixels[i] + (noise % 61) - 30));
    }
  scenes = drawn.map((picture) => toYuv(picture));
});
afterAll(async () => {
  await recogniser.close();
  await journal.close();
  await rm(folder, { recursive: true, force: true });
});

const nothing = (): void => undefined;
const happening = (): Draft<ConfigRefusedEvent> => ({
  ...{ type: 'config.refused', at: '2030-01-01T12:00:00.000Z', camera: null },
  ...{ code: 'CONFIG_INVALID', reason: 'made up' },
});

it(`${CLIENTS} clients, 100 of them deaf, leave recognition and memory as they are`, async () => {
  const slots = ['door', 'gate'].map((id) => new FreshestFrame(id, size, clock));
  const feed = createFeed(journal, silentLog);
  const live = createLiveView(silentLog, composeLivePictures(clock, silentLog));
  const stopping = new ReplaySubject<void>(1);
  let recognised = 0;
  const running = pipeline({
    cameras: new CameraRoster(
      slots.map((slot) => ({
        ...{ id: slot.camera, slot, status: NEVER },
        ...({ threshold: 0.5, profile: 'balanced', liveness: 'off' } as const),
      })),
    ),
    batch: { count: 4, deadlineMs: 20, concurrency: recogniser.concurrency },
    recogniser,
    identities: {
      match: (probes, threshold) => Promise.resolve(probes.map(() => noMatch(threshold))),
      changes: NEVER,
    },
    visits: {},
    // The pipeline writes and sends all there is, in one order.
    configEvents: interval(1000 / EVENTS_PER_SECOND).pipe(map(happening)),
    run: 'run',
    greetings: { clock, greetingOf: () => ({ kind: 'off' }), soundOf: () => null },
    live,
    snapshots: { take: () => Promise.resolve(false) },
    journal,
    outlets: [feed],
    counters: {
      ...{ looked: nothing, worked: nothing, searched: nothing, announced: nothing, lost: nothing },
      recognised: () => (recognised += 1),
    },
    stopping,
    clock,
    log: silentLog,
  }).subscribe();
  const server = createServer();
  const closeWebSockets = acceptWebSockets(
    server,
    createAccess(null, () => clock.wall()),
    {
      events: (socket, since) => feed.accept(socket, since),
      live: (socket, camera, pictures) => live.accept(socket, camera, pictures),
      video: (socket) => socket.close(),
      hasCamera: () => true,
    },
    silentLog,
  );
  const url = `ws://127.0.0.1:${await listen(server, '127.0.0.1', 0)}`;

  let tick = 0;
  const cameras = setInterval(() => {
    tick += 1;
    for (const slot of slots) {
      slot.writing.planes.set(scenes[tick % scenes.length].planes);
      slot.publish();
    }
  }, 1000 / CAMERA_FPS);
  const measure = async () => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const [began, before] = [performance.now(), recognised];
    let rssMb = 0;
    while (performance.now() - began < MEASURED_MS) {
      await pause(250);
      rssMb = Math.max(rssMb, process.memoryUsage().rss / 2 ** 20);
    }
    delay.disable();
    const rate = ((recognised - before) / (performance.now() - began)) * 1000;
    return { rate, rssMb, loopP99Ms: delay.percentile(99) / 1e6 };
  };

  const program = fileURLToPath(new URL('./clients.ts', import.meta.url));
  const clients = fork(program, [], { execArgv: ['--import', 'tsx'] });
  try {
    await once(clients, 'message');
    await pause(2_000);
    const alone = await measure();
    const seq = journal.last;
    clients.send({ ...crowd, url } satisfies Crowd);
    await once(clients, 'message');
    const opened = journal.last;
    const crowded = await measure();
    // They miss pictures; where those come too slowly for that, a ping that is not answered ends them.
    await expect
      .poll(() => live.missed > 0 || live.watchers === crowd.watchers, { timeout: 40_000 })
      .toBe(true);
    const deaf = crowd.watchers + crowd.deafWatchers - live.watchers;
    const sent = journal.last - opened;
    await expect.poll(() => feed.cutOff, { timeout: 20_000 }).toBe(crowd.deafReaders);
    expect(feed.clients).toBe(crowd.readers);
    clients.send('report');
    const [received] = (await once(clients, 'message')) as [Received];
    const gone = once(clients, 'exit');
    clients.disconnect();
    await gone;
    await expect.poll(() => feed.clients + live.watchers).toBe(0);
    const after = await measure();
    const ratio = crowded.rate / Math.max(alone.rate, after.rate);
    const isQuiet = Math.min(alone.rate, after.rate) > LEAST_RATIO * CAMERA_FPS * slots.length;
    if (!isQuiet) console.warn('the machine is too busy without any client: the rate is not judged');
    console.log(
      `${received.open} clients: recognition ${alone.rate.toFixed(2)} frames a second before, ${crowded.rate.toFixed(2)} with ` +
        `them, ${after.rate.toFixed(2)} after (${ratio.toFixed(3)}); memory ${alone.rssMb.toFixed(0)} MiB, then ${crowded.rssMb.toFixed(0)} MiB at most; main ` +
        `loop p99 ${alone.loopP99Ms.toFixed(0)} ms, then ${crowded.loopP99Ms.toFixed(0)} ms; ${received.events} events and ` +
        `${received.pictures} pictures received; lost: ${feed.cutOff} feed clients cut off, ${live.missed} pictures ` +
        `missed by watchers, ${deaf} watchers ended by pings, ${slots.map((slot) => `${slot.dropped} frames overtaken at ${slot.camera}`).join(', ')}, ` +
        `${journal.lost} events of the journal`,
    );
    expect(received.open).toBe(CLIENTS);
    expect(seq).toBeGreaterThan(OLD_EVENTS);
    if (isQuiet) expect(ratio).toBeGreaterThan(LEAST_RATIO);
    expect(crowded.rssMb - alone.rssMb).toBeLessThan(MOST_GROWTH_MB);
    // Whoever reads has every event, in order, none twice; whoever does not is cut off or misses pictures, and nobody else.
    expect(received.gaps).toBe(0);
    expect(received.events).toBeGreaterThan(crowd.readers * (sent - EVENTS_PER_SECOND));
    expect(feed.cutOff).toBe(crowd.deafReaders);
    expect(received.pictures).toBeGreaterThan(0);
    expect(journal.lost).toBe(0);
  } finally {
    clearInterval(cameras);
    if (clients.connected) clients.disconnect();
    stopping.next();
    running.unsubscribe();
    await live.close();
    await feed.close();
    await closeWebSockets();
    await stopListening(server);
  }
});

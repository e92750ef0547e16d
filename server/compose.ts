import { createAdaptorServer } from '@hono/node-server';
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { lastValueFrom, ReplaySubject, tap, type Observable } from 'rxjs';
import sharp from 'sharp';
import type { Clock } from './base/clock.js';
import { openDataFolder } from './base/data-folder.js';
import type { Log } from './base/log.js';
import { Scope } from './base/scope.js';
import { packageFolder } from './base/version.js';
import { findFfmpeg } from './cameras/find-ffmpeg.js';
import { composeAdaptation } from './compose/adaptation.js';
import { composeCamera } from './compose/camera.js';
import { composeDesk } from './compose/desk.js';
import { composeGallery } from './compose/gallery.js';
import { composeGreetings } from './compose/greetings.js';
import { composeHardware } from './compose/hardware.js';
import { composeLiveStream, liveUrlOf } from './compose/live-stream.js';
import { composeSource } from './compose/source.js';
import { composeThreshold } from './compose/threshold.js';
import { createTraffic } from './compose/traffic.js';
import { cameraConfigs, type Config } from './config.js';
import { checkNetwork } from './config/check-network.js';
import { writeDemoPeople } from './demo/enrolment.js';
import { openJournal } from './events/journal.js';
import { startRecogniser } from './faces/start-recogniser.js';
import { createAccess } from './http/access.js';
import { httpApp } from './http/app.js';
import { checkExposure, listen, stopListening } from './http/listen.js';
import { problem } from './http/problem.js';
import { acceptWebSockets } from './http/upgrade.js';
import { openIdentities } from './identities/identities.js';
import { lowdbStore } from './identities/stores/lowdb.js';
import { createFeed } from './outlets/feed.js';
import { createLiveView } from './outlets/live.js';
import { createRecentVisits } from './outlets/recent-visits.js';
import { openSnapshots } from './outlets/snapshots.js';
import { createVideoView } from './outlets/video.js';
import { pipeline } from './pipeline.js';
import { endUnfinished } from './visits/unfinished.js';

/** Narrower faces than this make no good enrolment, pixels. */
export const MIN_ENROLMENT_FACE = 60;

const DAY_MS = 24 * 3_600_000;

export interface HouseOptions {
  config: Config;
  /** Folder of people, events, snapshots and imported networks. */
  data: string;
  token: string | null;
  clock: Clock;
  log: Log;
}

export interface House {
  /** Starts everything; rejects with the first thing that cannot be, and then `close` ends what had begun. */
  start(signal: AbortSignal): Promise<{ url: string }>;
  /** Ends everything, in reverse. */
  close(): Promise<void>;
}

/** The whole product, put together. Nothing is started yet. */
export function compose(options: HouseOptions): House {
  const scope = new Scope();
  return { start: (signal) => start(options, scope, signal), close: () => scope.close() };
}

async function start(
  { config, data, token, clock, log }: HouseOptions,
  scope: Scope,
  signal: AbortSignal,
): Promise<{ url: string }> {
  const began = clock.monotonic();
  // libvips' own cache and threads are for servers of pictures; here the networks want the processors.
  sharp.cache(false);
  sharp.concurrency(1);

  const { host, port } = config.server;
  checkExposure(host, token);
  const folder = await openDataFolder(data);
  await scope.add('data folder', () => folder.release());

  const access = createAccess(token, () => clock.wall());
  let fetch: Parameters<typeof createAdaptorServer>[0]['fetch'] = () =>
    problem(503, 'STARTING', 'Starting', 'The server is starting; try again in a moment.');
  const server = createAdaptorServer({ fetch: (request, env) => fetch(request, env) }) as Server;
  const boundPort = await listen(server, host, port);
  await scope.add('HTTP', () => stopListening(server));
  signal.throwIfAborted();

  const ffmpeg = await findFfmpeg();
  log.info({ path: ffmpeg.path, version: ffmpeg.version, origin: ffmpeg.origin }, 'ffmpeg');
  const journal = await openJournal({
    folder: join(data, 'journal'),
    maxBytes: config.journal.maxMegabytes * 1024 * 1024,
    maxAgeMs: config.journal.keepDays * DAY_MS,
    clock,
    log,
  });
  await scope.add('journal', () => journal.close());
  const snapshots = await openSnapshots(
    join(data, 'snapshots'),
    config.journal.keepDays * DAY_MS,
    clock,
    log,
  );
  await scope.add('snapshots', () => snapshots.close());
  const recentVisits = await createRecentVisits(journal);
  const feed = createFeed(journal, log);
  await scope.add('feed', () => feed.close());
  const live = createLiveView(log);
  await scope.add('live view', () => live.close());
  const video = createVideoView(clock, log);
  await scope.add('video view', () => video.close());
  signal.throwIfAborted();

  const modelsFolder = join(data, 'models');
  await checkNetwork(config, modelsFolder);
  const recogniser = await startRecogniser({
    ...config.recognition,
    modelsFolder,
    enginesFile: join(data, 'engines.json'),
    log,
  });
  await scope.add('recogniser', () => recogniser.close());
  log.info({ engine: recogniser.description, network: recogniser.network }, 'recognition is ready');
  const adaptation = await composeAdaptation(data, recogniser.network, log);
  const { threshold, problem: thresholdProblem } = await composeThreshold(
    data,
    { network: adaptation.space, defaultThreshold: recogniser.defaultThreshold },
    log,
  );
  signal.throwIfAborted();

  const cameras = cameraConfigs(config);
  const peopleFolders = [config.people];
  if (cameras.some(({ source }) => source.kind === 'demo')) {
    const demoPeople = join(data, 'demo', 'people');
    await mkdir(demoPeople, { recursive: true });
    await writeDemoPeople(demoPeople);
    peopleFolders.push(demoPeople);
  }
  const identities = await openIdentities({
    folders: peopleFolders,
    store: lowdbStore(data, () => clock.wall()),
    recognise: async (picture) => (await recogniser.recognise([picture], { profile: 'photo' }))[0],
    network: recogniser.network,
    embeddingLength: recogniser.embeddingLength,
    openIndex: composeGallery(config.recognition.gallery, log),
    ...(adaptation.transform ? { transform: adaptation.transform } : {}),
    minFace: MIN_ENROLMENT_FACE,
    clock,
    log,
  });
  await scope.add('identities', () => identities.close());
  log.info(
    { samples: identities.gallery.samples, index: identities.gallery.description },
    'the gallery is ready',
  );
  // With nobody known yet, everybody would be announced as unknown: the first look at the photos comes first.
  if (identities.people().length === 0) await identities.ready;
  signal.throwIfAborted();

  const speech = await composeGreetings({
    cameras,
    folder: join(data, 'speech'),
    history: journal,
    clock,
    log,
  });
  await scope.add('speech', () => speech.close());

  const hardware = await composeHardware(cameras, ffmpeg.path, log);
  signal.throwIfAborted();

  const traffic = createTraffic();
  const stopping = new ReplaySubject<void>(1);
  const stop = new AbortController();
  const sourceTools = { ffmpeg, clock, demoFolder: join(data, 'demo'), log, signal: stop.signal, hardware };
  const staged = cameras.map((config) =>
    composeCamera(
      config,
      composeSource(config, sourceTools),
      threshold,
      clock,
      stop.signal,
      // With a stream of its own the live view takes nothing from the one that is recognised.
      liveUrlOf(config) === null ? video.sink(config.id) : null,
    ),
  );
  const liveStreams = cameras.map((config) =>
    lastValueFrom(composeLiveStream(config, video, sourceTools), { defaultValue: null }),
  );

  fetch = httpApp(
    composeDesk({
      cameras: staged,
      engine: recogniser.description,
      traffic,
      identities,
      peopleFolders,
      visits: recentVisits,
      snapshots,
      spoken: (key) => speech.spoken(key),
      last: () => journal.last,
      problems: () =>
        [
          recogniser.failing,
          identities.gallery.problem,
          thresholdProblem,
          journal.failing?.reason,
          journal.damage,
          snapshots.problem,
          adaptation.problem,
          ...hardware.problems(),
        ].filter((each) => each != null),
      uptime: () => Math.round((clock.monotonic() - began) / 1000),
    }),
    access,
    join(packageFolder, 'dist', 'dashboard'),
    log,
  ).fetch;
  const closeWebSockets = acceptWebSockets(
    server,
    access,
    {
      events: (socket, since) => feed.accept(socket, since),
      live: (socket, camera, pictures) => live.accept(socket, camera, pictures),
      video: (socket, camera) => video.accept(socket, camera),
      hasCamera: (id) => cameras.some((camera) => camera.id === id),
    },
    log,
  );
  await scope.add('WebSockets', closeWebSockets);

  const outlets = [recentVisits, feed];
  for (const event of await journal.append(endUnfinished(recentVisits.latest(Infinity), clock.wall()))) {
    recentVisits.send(event);
  }
  const running = run(
    pipeline({
      cameras: staged,
      batch: { ...config.recognition.batch, concurrency: recogniser.concurrency },
      recogniser,
      identities,
      visits: {
        agreeingFrames: config.visits.agreeingFrames,
        unknownFrames: config.visits.unknownFrames,
        unknownMs: config.visits.unknownSeconds * 1000,
        graceMs: config.visits.graceSeconds * 1000,
        recheckMs: config.visits.recheckSeconds * 1000,
      },
      run: randomBytes(5).toString('hex'),
      greetings: { clock, ...speech.settings },
      live,
      snapshots,
      journal,
      outlets,
      counters: traffic,
      stopping,
      clock,
      log,
    }),
    log,
  );
  await scope.add('pipeline', async () => {
    stopping.next();
    stop.abort();
    await Promise.all([running, ...liveStreams]);
  });
  const shownHost = host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host;
  return { url: `http://${shownHost}:${boundPort}/` };
}

/** Runs the pipeline to its end. Its own failure is a defect: it is logged, and ends the process by not being caught. */
function run(events: Observable<unknown>, log: Log): Promise<unknown> {
  return lastValueFrom(
    events.pipe(tap({ error: (error: unknown) => log.fatal({ err: error }, 'the pipeline failed') })),
    {
      defaultValue: null,
    },
  );
}

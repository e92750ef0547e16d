import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { lastValueFrom, NEVER, ReplaySubject, tap, type Observable } from 'rxjs';
import sharp from 'sharp';
import { aborted } from './base/aborted.js';
import type { Clock } from './base/clock.js';
import { openDataFolder } from './base/data-folder.js';
import type { Log } from './base/log.js';
import { Scope } from './base/scope.js';
import { together } from './base/together.js';
import { DecodingLoad } from './cameras/attention/decoding-load.js';
import { findFfmpeg } from './cameras/find-ffmpeg.js';
import { composeCameras } from './compose/cameras.js';
import { composeDesk } from './compose/desk.js';
import { followConfig } from './compose/follow-config.js';
import { composeGreetings } from './compose/greetings.js';
import { composeHttp } from './compose/http.js';
import { composeHardware } from './compose/hardware.js';
import { composeLivePictures } from './compose/live-pictures.js';
import { composeMetrics } from './compose/metrics.js';
import { composePeople, composePeopleFolders } from './compose/people.js';
import { composeRecognition } from './compose/recognition.js';
import { composeRecords } from './compose/records.js';
import { createTraffic } from './compose/traffic.js';
import { cameraConfigs, type Config } from './config.js';
import type { ConfigReading } from './config/watch-config.js';
import { checkExposure } from './http/listen.js';
import { acceptWebSockets } from './http/upgrade.js';
import { createFeed } from './outlets/feed.js';
import { createLiveView } from './outlets/live.js';
import { createVideoView } from './outlets/video.js';
import { pipeline } from './pipeline.js';
import { endUnfinished } from './visits/unfinished.js';

export interface HouseOptions {
  config: Config;
  /** As the file says it, where something overrides it; left out: `config`. */
  fileConfig?: Config;
  /** The file as it is read from now on, each applied while everything runs; left out: it is not followed. */
  configReadings?: Observable<ConfigReading>;
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
  { config, fileConfig, configReadings, data, token, clock, log }: HouseOptions,
  scope: Scope,
  signal: AbortSignal,
): Promise<{ url: string }> {
  const began = clock.monotonic();
  const phase = (name: string): void => {
    log.debug({ ms: Math.round(clock.monotonic() - began) }, `start: ${name}`);
  };
  // libvips' own cache and threads are for servers of pictures; here the networks want the processors.
  sharp.cache(false);
  sharp.concurrency(1);

  const { host, port } = config.server;
  checkExposure(host, token);
  const folder = await openDataFolder(data);
  await scope.add('data folder', () => folder.release());
  signal.throwIfAborted();

  const http = await composeHttp({ host, port, token, clock, log, scope });
  phase('the desk listens');

  // The networks take longest: everything that does not need them is made ready meanwhile.
  const [recognition, records, ffmpeg, peopleFolders] = await together(scope, signal, [
    (signal) => composeRecognition({ config, data, log, signal, scope }),
    () => composeRecords({ config, data, clock, log, scope }),
    () => findFfmpeg(),
    () => composePeopleFolders(config, data),
  ]);
  phase('the networks are compiled');
  log.info({ path: ffmpeg.path, version: ffmpeg.version, origin: ffmpeg.origin }, 'ffmpeg');
  const { recogniser } = recognition;
  const { journal, snapshots, recentVisits } = records;
  const feed = createFeed(journal, log);
  await scope.add('feed', () => feed.close());
  const live = createLiveView(log, composeLivePictures(clock, log));
  await scope.add('live view', () => live.close());
  const video = createVideoView(clock, log);
  await scope.add('video view', () => video.close());
  const identities = await composePeople({
    config,
    folders: peopleFolders,
    data,
    recognition,
    clock,
    log,
    scope,
  });
  // With nobody known yet, everybody would be announced as unknown: the first look at the photos comes first.
  if (identities.people().length === 0) await Promise.race([identities.ready, aborted(signal)]);
  signal.throwIfAborted();
  phase('people are known');

  const hardware = composeHardware(ffmpeg.path, log);
  await hardware.prepare(cameraConfigs(config));
  signal.throwIfAborted();
  const cameras = composeCameras({
    configs: cameraConfigs(config),
    threshold: recognition.threshold,
    tools: { ffmpeg, clock, demoFolder: join(data, 'demo'), log, hardware, load: new DecodingLoad() },
    video,
    clock,
    gone(id) {
      live.drop(id);
      video.drop(id);
    },
  });
  const greetings = await composeGreetings({
    camera: (id) => cameras.get(id)?.config,
    folder: join(data, 'speech'),
    history: journal,
    clock,
    log,
  });
  await scope.add('speech', () => greetings.close());
  greetings.findVoice(cameraConfigs(config));
  const followed = followConfig({
    config: fileConfig ?? config,
    readings: configReadings ?? NEVER,
    cameras,
    taken: (config) => greetings.findVoice(cameraConfigs(config)),
    clock,
    log,
  });

  const traffic = createTraffic();
  const problems = () =>
    [
      ...followed.problems(),
      ...recognition.problems(),
      identities.gallery.problem,
      ...records.problems(),
      ...hardware.problems(),
    ].filter((each) => each != null);
  const metrics = await composeMetrics(
    {
      cameras: () => cameras.all(),
      outlets: { feed, live, video },
      ...{ recogniser, identities, journal, traffic, problems, data, clock },
    },
    scope,
  );
  http.serve(
    composeDesk({
      cameras: () => cameras.all(),
      engine: recogniser.description,
      traffic,
      identities,
      peopleFolders,
      visits: recentVisits,
      snapshots,
      spoken: (key) => greetings.spoken(key),
      last: () => journal.last,
      problems,
      losses: { journal, feed, live, video },
      metrics: () => metrics.expose(),
      log,
      uptime: () => Math.round((clock.monotonic() - began) / 1000),
    }),
  );
  const closeWebSockets = acceptWebSockets(
    http.server,
    http.access,
    {
      events: (...client) => feed.accept(...client),
      live: (socket, camera, pictures) => live.accept(socket, camera, pictures),
      video: (socket, camera) => video.accept(socket, camera),
      hasCamera: (id) => cameras.get(id) !== undefined,
    },
    log,
  );
  await scope.add('WebSockets', closeWebSockets);

  for (const event of await journal.append(endUnfinished(recentVisits.latest(Infinity), clock.wall()))) {
    recentVisits.send(event);
  }
  const stopping = new ReplaySubject<void>(1);
  const running = run(
    pipeline({
      cameras: cameras.roster,
      batch: {
        ...config.recognition.batch,
        get concurrency() {
          return recogniser.concurrency;
        },
      },
      recogniser,
      identities,
      configEvents: followed.events,
      visits: {
        agreeingFrames: config.visits.agreeingFrames,
        unknownFrames: config.visits.unknownFrames,
        unknownMs: config.visits.unknownSeconds * 1000,
        graceMs: config.visits.graceSeconds * 1000,
        recheckMs: config.visits.recheckSeconds * 1000,
      },
      run: randomBytes(5).toString('hex'),
      greetings: { clock, ...greetings.settings },
      live,
      snapshots,
      journal,
      outlets: [recentVisits, feed],
      counters: metrics.counters,
      stopping,
      clock,
      log,
    }),
    log,
  );
  await scope.add('pipeline', async () => {
    stopping.next();
    await Promise.all([cameras.stop(), running]);
  });
  followed.start();
  await scope.add('configuration', () => followed.stop());
  phase('the pipeline runs');
  return { url: http.url };
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

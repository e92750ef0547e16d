import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { asGatehouseError, GatehouseError, isDiskFull } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { workerBeside } from '../base/worker.js';
import { drawBackdrop, drawClockHands } from './backdrop.js';
import { standingAt } from './choreography.js';
import { demoPeople, demoStrangers } from './people.js';
import { drawPortrait } from './portrait.js';
import type { RenderMessage, RenderTask } from './render.worker.js';
import { demoScenes, type DemoScene } from './scene.js';
import { sceneFormat } from './scene-format.js';

export interface PrepareOptions {
  /** Where clips are kept: `<data>/demo`. */
  folder: string;
  ffmpeg: { readonly path: string };
  signal: AbortSignal;
  /** Called with 0..1 while the scene is drawn; not called for a clip that is there already. */
  progress: (share: number) => void;
  log: Log;
}

/** Scenes are drawn one after another: the first camera shows people while the others still wait. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * The clip of a demo scene; it is drawn on a worker thread where this version of it is not there yet.
 *
 * @returns path of an MP4 clip that loops without a jump
 * @throws GatehouseError CONFIG_INVALID for an unknown scene; FFMPEG_NOT_FOUND, FFMPEG_BROKEN, DISK_FULL or
 *   DATA_NOT_WRITABLE; the signal's reason after an abort. By then neither worker nor ffmpeg is left, and no half
 *   of a clip.
 */
export async function prepareScene(sceneId: string, options: PrepareOptions): Promise<string> {
  const scene = demoScenes.find(({ id }) => id === sceneId);
  if (!scene)
    throw new GatehouseError(
      'CONFIG_INVALID',
      `There is no demo scene "${sceneId}".`,
      `Name one of ${demoScenes.map(({ id }) => id).join(', ')}.`,
    );
  const clip = join(options.folder, `${scene.id}-${sceneVersion(scene)}.mp4`);
  options.signal.throwIfAborted();
  if (await isThere(clip)) return clip;
  return inTurn(() => drawUnlessThere(scene, clip, options), options.signal);
}

/** Waits for those before. An abort ends the waiting at once; work that has begun ends itself, and cleanly. */
function inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  let begun = false;
  const turn = queue.then(() => {
    signal.throwIfAborted();
    begun = true;
    return work();
  });
  queue = turn.catch(() => undefined);
  return new Promise((resolve, reject) => {
    const leave = () => {
      if (!begun) reject(signal.reason as Error);
    };
    signal.addEventListener('abort', leave, { once: true });
    turn.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

async function drawUnlessThere(scene: DemoScene, clip: string, options: PrepareOptions): Promise<string> {
  const { folder, ffmpeg, signal, progress, log } = options;
  // Two cameras may show one scene: whoever comes second finds it drawn.
  if (await isThere(clip)) return clip;
  const started = performance.now();
  const half = `${clip}.${randomUUID()}.part`;
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    await runWorker({ scene, ffmpegPath: ffmpeg.path, target: half }, signal, progress);
    await rename(half, clip);
  } catch (cause) {
    // What went wrong before is the news; half a clip that cannot be removed is never taken for a whole one.
    await rm(half, { force: true }).catch(() => undefined);
    signal.throwIfAborted();
    if (cause instanceof GatehouseError) throw cause;
    if (isDiskFull(cause))
      throw new GatehouseError(
        'DISK_FULL',
        `No room for the demo's scenes in ${folder}.`,
        'Free some space.',
        { cause },
      );
    if (typeof (cause as NodeJS.ErrnoException).syscall !== 'string') throw asGatehouseError(cause);
    throw new GatehouseError(
      'DATA_NOT_WRITABLE',
      `The demo's scenes cannot be written to ${folder}.`,
      'Give the user that runs Gatehouse write access to that folder.',
      { cause },
    );
  }
  log.info({ scene: scene.id, ms: Math.round(performance.now() - started) }, 'demo scene drawn');
  await removeOlder(scene, clip, folder);
  return clip;
}

function runWorker(task: RenderTask, signal: AbortSignal, progress: (share: number) => void): Promise<void> {
  const worker = new Worker(workerBeside(import.meta.url, './render.worker'), { workerData: task });
  const stop = () => worker.postMessage('stop');
  signal.addEventListener('abort', stop, { once: true });
  let outcome: RenderMessage | null = null;
  worker.on('message', (message: RenderMessage) => {
    if (message.kind === 'progress') progress(message.share);
    else outcome = message;
  });
  // Only a worker that is gone has surely taken its ffmpeg with it.
  return new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => {
      if (outcome?.kind === 'done') resolve();
      else if (outcome?.kind === 'failed')
        reject(new GatehouseError(outcome.code, outcome.message, outcome.remedy));
      else reject(new GatehouseError('INTERNAL', 'Drawing a demo scene ended early.', 'Report this.'));
    });
  }).finally(() => signal.removeEventListener('abort', stop));
}

/** Changes with everything that is seen in the scene: people, places and movements. */
export function sceneVersion(scene: DemoScene): string {
  const hash = createHash('sha256').update(JSON.stringify([scene, sceneFormat]));
  hash.update(drawBackdrop(scene.backdrop, 0.3)).update(drawClockHands(30, 7));
  for (const way of scene.appearances) {
    const person = [...demoPeople, ...demoStrangers].find(({ id }) => id === way.person);
    if (person) hash.update(drawPortrait(person.traits, { yaw: 12, pitch: 4, smile: 0.8, stride: 1 }));
    for (let time = 0; time < scene.seconds; time += 1.3) hash.update(JSON.stringify(standingAt(way, time)));
  }
  return hash.digest('hex').slice(0, 12);
}

/** Clips of earlier versions and halves that a crash left; one that cannot be removed does no harm. */
async function removeOlder(scene: DemoScene, clip: string, folder: string): Promise<void> {
  const old = new RegExp(`^${scene.id}-[0-9a-f]{12}\\.mp4(\\..*\\.part)?$`);
  for (const name of await readdir(folder))
    if (old.test(name) && join(folder, name) !== clip)
      await rm(join(folder, name), { force: true }).catch(() => undefined);
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

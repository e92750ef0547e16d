import { findEmbedder } from '../../models/catalogue.js';
import { systemClock } from '../base/clock.js';
import { GatehouseError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { frameBytes, isYuv, type Picture, type YuvPicture } from '../frames/frame.js';
import type { DetectorSettings } from './detect.js';
import { fixedPatience, LearningPatience } from './batch-patience.js';
import type { EngineName } from './engine.js';
import type { Face } from './face.js';
import { chooseEngine } from './choose/choose-engine.js';
import { qualityDefaults, type QualityLimits } from './quality-gate.js';
import { asError, startThread, type RecogniseThread } from './recognise-thread.js';
import type { RecogniseListeners, RecogniseOptions, Recogniser, WorkerReadings } from './recogniser.js';
import { closedError, openThreadPool } from './thread-pool.js';
import { workerCount } from './worker-count.js';
import type { WorkerSetup } from './worker-messages.js';

export interface RecogniserOptions {
  /** auto: the fastest that is accurate enough, as `chooseEngine` measures it. */
  engine: EngineName | 'auto';
  /** `<data>/engines.json`, where `auto` keeps what it measured; left out: nowhere. */
  enginesFile?: string;
  /** Worker threads, one processor each; an engine that runs in fewer gets fewer. */
  workers: number | 'auto';
  /** Name of a network of the catalogue, or of an imported one. */
  network: string;
  detector?: Partial<DetectorSettings>;
  /** What a face has to be to be recognised. */
  quality?: Partial<QualityLimits>;
  /** `<data>/models`, where imported weights lie. */
  modelsFolder: string;
  log: Log;
  /** Resolve with the first worker; the others follow by themselves. Otherwise all are waited for. */
  early?: boolean;
  /** Aborted when everything stops: a start under way is given up, and nothing of it is left when it rejects. */
  signal?: AbortSignal;
  /**
   * A worker that does not answer a batch within this time is replaced, ms; null: it may take for ever. Left out: many
   * times what batches usually take (batch-patience.ts).
   */
  deadlineMs?: number | null;
  /** Monotonic ms, for how busy the workers are; the system's unless told. */
  now?: () => number;
}

export const detectDefaults: DetectorSettings = { inputSize: 320, minScore: 0.45, minFace: 36 };

/**
 * Starts the worker threads that recognise and waits until they are ready. Rejects with ENGINE_NOT_FOUND,
 * MODEL_UNKNOWN, MODEL_MISSING and the like, and then nothing is left running.
 *
 * @param launch starts one thread
 */
export async function startRecogniser(
  options: RecogniserOptions,
  launch: typeof startThread = startThread,
): Promise<Recogniser & { readonly workers: WorkerReadings }> {
  const { network, log, deadlineMs, early = false, signal } = options;
  const { now = () => systemClock.monotonic() } = options;
  const patience = deadlineMs === undefined ? new LearningPatience() : fixedPatience(deadlineMs);
  const embedder = await findEmbedder(network, options.modelsFolder);
  const wanted = workerCount(options.workers);
  const setup: WorkerSetup = {
    engine: options.engine === 'auto' ? await measureEngines(options, wanted) : options.engine,
    threads: 1,
    network,
    detector: { ...detectDefaults, ...options.detector },
    quality: { ...qualityDefaults, ...options.quality },
    modelsFolder: options.modelsFolder,
  };

  const start = (): Promise<RecogniseThread> => launch(setup, patience, signal);
  // The first alone: where it is refused, so are all, and the reason is told once.
  const first = await start();
  const { engine, version, maxWorkers, precision, kernels } = first.ready;
  if (engine === 'onnx-int8' && precision !== 'int8')
    log.warn({ network }, 'the network has no ranges to run in 8 bits by; it runs in 32-bit floats');
  if (!kernels)
    log.warn('pixels are worked on in JavaScript, in twice the time: build anew, on a processor with SIMD');
  const count = Math.min(wanted, maxWorkers ?? wanted);
  const pool = await openThreadPool(first, { count, start, early, log, signal, now });

  return {
    description: `${engine} ${version}, ${count} ${count === 1 ? 'worker' : 'workers'}`,
    network: embedder.identity ?? network,
    embeddingLength: embedder.embedding.length,
    defaultThreshold: embedder.embedding.defaultThreshold,
    get concurrency() {
      return pool.size;
    },
    get failing() {
      return pool.failing;
    },
    workers: pool.readings,
    async recognise(pictures, options = {}, { timed, refused = rethrow }: RecogniseListeners = {}) {
      if (pool.closed) throw closedError();
      const looks = isOneEach(options) ? options : pictures.map(() => options);
      const sound = pictures.flatMap((picture, index) => {
        const error = pictureFault(picture);
        if (error) refused(index, error);
        return error ? [] : [index];
      });
      const faces = pictures.map((): Face[] => []);
      if (sound.length === 0) return faces;
      const answer = await pool.run({
        pictures: sound.map((index) => plainPicture(pictures[index])),
        options: sound.map((index) => looks[index]),
      });
      const seconds = pictures.map((_, index) => answer.times.pictures[sound.indexOf(index)] ?? 0);
      timed?.({ stages: answer.times.stages, pictures: seconds });
      for (const { index, error } of answer.refused) refused(sound[index], asError(error));
      answer.faces.forEach((found, i) => (faces[sound[i]] = found));
      return faces;
    },
    close: () => pool.close(),
  };
}

/** Array.isArray does not narrow a readonly array. */
function isOneEach(
  options: RecogniseOptions | readonly RecogniseOptions[],
): options is readonly RecogniseOptions[] {
  return Array.isArray(options);
}

/** What `auto` stands for here. Logs the whole table when it was measured just now. */
async function measureEngines(
  { network, modelsFolder, enginesFile, log, signal }: RecogniserOptions,
  workers: number,
): Promise<EngineName> {
  const choice = await chooseEngine({
    network,
    modelsFolder,
    workers,
    file: enginesFile ?? null,
    ...(signal ? { signal } : {}),
  });
  if (choice.fresh) log.info({ engines: choice.trials, taken: choice.name }, 'engines measured');
  else log.debug({ measuredAt: choice.measuredAt, taken: choice.name }, 'engines were measured before');
  return choice.name;
}

/** Only what a worker needs: frames carry functions, which do not cross. */
function plainPicture(picture: Picture | YuvPicture): Picture | YuvPicture {
  const { width, height } = picture;
  if (!isYuv(picture)) return { width, height, pixels: picture.pixels };
  return { width, height, planes: picture.planes, matrix: picture.matrix };
}

function rethrow(_: number, error: GatehouseError): never {
  throw error;
}

function pictureFault(picture: Picture | YuvPicture): GatehouseError | null {
  const { width, height } = picture;
  const isSize = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (isYuv(picture)) {
    const needed = frameBytes(picture);
    if (isSize && width % 2 === 0 && height % 2 === 0 && picture.planes.length === needed) return null;
    return new GatehouseError(
      'PICTURE_INVALID',
      `A frame of ${width}x${height} pixels needs even sides and ${needed} bytes of I420, not ${picture.planes.length}.`,
      'Hand over height x width bytes of luma and a quarter as many of U and of V.',
    );
  }
  if (isSize && picture.pixels.length === width * height * 3) return null;
  return new GatehouseError(
    'PICTURE_INVALID',
    `A picture of ${width}x${height} pixels needs ${width * height * 3} bytes of RGB, not ${picture.pixels.length}.`,
    'Hand over height x width x 3 bytes.',
  );
}

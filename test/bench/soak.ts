import { setImmediate as turn } from 'node:timers/promises';
import { mergeMap, type Observable, of } from 'rxjs';
import { systemClock } from '../../server/base/clock.js';
import { silentLog } from '../../server/base/log.js';
import type { EngineName } from '../../server/faces/engine.js';
import { startRecogniser } from '../../server/faces/start-recogniser.js';
import type { Picture } from '../../server/frames/frame.js';
import { FreshestFrame } from '../../server/frames/freshest.js';
import { pullBatches } from '../../server/frames/pull-batches.js';
import { toYuv } from '../fixtures/yuv.js';
import { slopeOf, type Slope } from './slope.js';

/** What the process holds at one moment. */
export interface Sample {
  frames: number;
  seconds: number;
  /** Resident memory of the whole process, workers and native code included, MiB. */
  rss: number;
  /** JavaScript heap of the main thread, MiB, after a collection where the process can be asked for one. */
  heap: number;
  /** Array buffers and what native code hangs on to them, MiB. */
  external: number;
  /** Timers, sockets, workers and the like that are open. */
  handles: number;
}

export interface SoakOptions {
  /** Frames to recognise. */
  frames: number;
  /** Frames at the start that do not count: caches and arenas fill. */
  warmUp: number;
  /** Samples that are taken after the warm-up. */
  samples: number;
  engine?: EngineName | 'auto';
  workers?: number | 'auto';
  /** Where `auto` finds how fast the engines are; left out: they are measured. */
  enginesFile?: string;
  /** Recognised over and over, each camera another one of them in turn. */
  pictures: readonly Picture[];
  onSample?: (sample: Sample) => void;
}

export interface Soak {
  engine: string;
  faces: number;
  samples: Sample[];
  /** MiB of resident memory for each 1,000 frames. */
  rss: Slope;
  heap: Slope;
  external: Slope;
}

/** Cameras that send at once. */
const CAMERAS = 6;

/**
 * Runs frames through cameras' slots, batches and all of the recogniser's workers, the same way as the pipeline does, and
 * watches what the process holds meanwhile.
 */
export async function soak(options: SoakOptions): Promise<Soak> {
  const { frames, warmUp, samples: wanted, pictures, engine = 'auto', workers = 'auto' } = options;
  const recogniser = await startRecogniser({
    engine,
    workers,
    ...(options.enginesFile ? { enginesFile: options.enginesFile } : {}),
    network: 'dlib-resnet',
    modelsFolder: '',
    log: silentLog,
  });
  const shown = pictures.map((picture) => toYuv(picture));
  const samples: Sample[] = [];
  const every = Math.max(1, Math.floor((frames - warmUp) / wanted));
  const began = performance.now();
  let done = 0;
  let faces = 0;
  let fed = 0;
  const feed = (slot: FreshestFrame): void => {
    if (fed >= frames) return;
    slot.writing.planes.set(shown[fed % shown.length].planes);
    fed += 1;
    slot.publish();
  };
  const slots = new Map<string, FreshestFrame>();
  for (let i = 0; i < CAMERAS; i += 1)
    slots.set(`camera-${i}`, new FreshestFrame(`camera-${i}`, pictures[0], systemClock));
  const batch = { count: 4, deadlineMs: 5, concurrency: recogniser.concurrency };
  try {
    slots.forEach(feed);
    await new Promise<void>((resolve, reject) => {
      const all: Observable<unknown> = pullBatches(
        of([...slots.values()]),
        batch,
        systemClock,
        async (held) => {
          const found = await recogniser.recognise(held);
          for (const frame of held) {
            frame.release();
            feed(slots.get(frame.camera)!);
          }
          return found.map((one) => one.length);
        },
      ).pipe(mergeMap((counts) => counts));
      const watching = all.subscribe({
        next: (count) => {
          done += 1;
          faces += count as number;
          if (done > warmUp && (done - warmUp) % every === 0) {
            const sample = takeSample(done, (performance.now() - began) / 1000);
            samples.push(sample);
            options.onSample?.(sample);
          }
          if (done >= frames) {
            watching.unsubscribe();
            resolve();
          }
        },
        error: reject,
      });
    });
    await turn();
  } finally {
    await recogniser.close();
  }
  const slope = (key: 'rss' | 'heap' | 'external') =>
    slopeOf(samples.map((sample) => [sample.frames / 1000, sample[key]]));
  return {
    engine: recogniser.description,
    faces,
    samples,
    rss: slope('rss'),
    heap: slope('heap'),
    external: slope('external'),
  };
}

function takeSample(frames: number, seconds: number): Sample {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  const MiB = 2 ** 20;
  return {
    frames,
    seconds,
    rss: rss / MiB,
    heap: heapUsed / MiB,
    external: external / MiB,
    handles: process.getActiveResourcesInfo().length,
  };
}

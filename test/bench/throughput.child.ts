import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { lastValueFrom, of, takeWhile } from 'rxjs';
import { systemClock } from '../../server/base/clock.js';
import { silentLog } from '../../server/base/log.js';
import { workerBeside } from '../../server/base/worker.js';
import { engineNames } from '../../server/faces/engine.js';
import type { Recogniser } from '../../server/faces/recogniser.js';
import { startRecogniser } from '../../server/faces/start-recogniser.js';
import { newFrame, type Picture, type YuvPicture } from '../../server/frames/frame.js';
import { FreshestFrame } from '../../server/frames/freshest.js';
import { pullBatches } from '../../server/frames/pull-batches.js';
import { toYuv } from '../fixtures/yuv.js';
import type { ThroughputRound } from './throughput.js';

// Measures in turn, with equally many workers: the bare engine, the bare recogniser, and the recogniser fed by cameras'
// slots as the pipeline feeds it. One line of results a round.

/** Frames in a batch, as the configuration has it unless told. */
const BATCH = 4;

process.once(
  'message',
  ({ picture, rounds, sliceMs }: { picture: Picture; rounds: number; sliceMs: number }) => {
    measure(picture, rounds, sliceMs).then(
      () => process.exit(0),
      (thrown: unknown) => {
        console.error(thrown);
        process.exit(1);
      },
    );
  },
);

async function measure(picture: Picture, rounds: number, sliceMs: number): Promise<void> {
  const options = { engine: 'auto', workers: 'auto', network: 'dlib-resnet', modelsFolder: '' } as const;
  const recogniser = await startRecogniser({ ...options, log: silentLog });
  const name = recogniser.description.split(' ')[0];
  const engine = engineNames.find((one) => one === name)!;
  const workers = Math.min(recogniser.concurrency, availableParallelism());
  const raw = Array.from(
    { length: recogniser.concurrency },
    () =>
      new Worker(workerBeside(import.meta.url, './raw.worker'), {
        workerData: { engine, pictures: Array<Picture>(BATCH).fill(picture) },
      }),
  );
  await Promise.all(raw.map((worker) => once(worker, 'message')));
  const frame = shared(picture);
  for (let round = -1; round < rounds; round += 1) {
    const values: ThroughputRound = {
      engine: await rawEngine(raw, sliceMs),
      recogniser: await bareRecogniser(recogniser, frame, sliceMs),
      pipeline: await throughSlots(recogniser, frame, sliceMs),
    };
    if (round >= 0) process.send!({ round: values, description: recogniser.description, workers });
  }
  for (const worker of raw) worker.postMessage('end');
  await recogniser.close();
}

async function rawEngine(workers: readonly Worker[], forMs: number): Promise<number> {
  const answers = workers.map((worker) => once(worker, 'message') as Promise<[number]>);
  for (const worker of workers) worker.postMessage(forMs);
  return (await Promise.all(answers)).reduce((sum, [perSecond]) => sum + perSecond, 0);
}

/** Every worker always has its next batch: recognition without cameras. */
async function bareRecogniser(recogniser: Recogniser, picture: YuvPicture, forMs: number): Promise<number> {
  const batch = Array<YuvPicture>(BATCH).fill(picture);
  const pace = new Pace(forMs);
  const keepBusy = async (): Promise<void> => {
    while (!pace.over) {
      await recogniser.recognise(batch);
      pace.done(batch.length);
    }
  };
  await Promise.all(Array.from({ length: recogniser.concurrency }, keepBusy));
  return pace.perSecond;
}

/** Cameras that always have a fresh frame, each copied into its slot as ffmpeg's bytes are; pulled in batches. */
async function throughSlots(recogniser: Recogniser, picture: YuvPicture, forMs: number): Promise<number> {
  const cameras = BATCH * (recogniser.concurrency + 1);
  const slots = new Map<string, FreshestFrame>();
  for (let i = 0; i < cameras; i += 1)
    slots.set(`camera-${i}`, new FreshestFrame(`camera-${i}`, picture, systemClock));
  const feed = (slot: FreshestFrame): void => {
    slot.writing.planes.set(picture.planes);
    slot.publish();
  };
  const pace = new Pace(forMs);
  slots.forEach(feed);
  const batch = { count: BATCH, deadlineMs: 15, concurrency: recogniser.concurrency };
  await lastValueFrom(
    pullBatches(of([...slots.values()]), batch, systemClock, async (held) => {
      const faces = await recogniser.recognise(held);
      pace.done(held.length);
      for (const frame of held) {
        frame.release();
        // Once time is over the slots run dry, and what is under way comes to its end.
        if (!pace.over) feed(slots.get(frame.camera)!);
      }
      return faces;
    }).pipe(takeWhile(() => !pace.over)),
    { defaultValue: null },
  );
  // The next measurement must not share the workers with what is still under way.
  await Promise.all(Array.from({ length: recogniser.concurrency }, () => recogniser.recognise([picture])));
  return pace.perSecond;
}

/** Frames a second between the first batch that is done and the last within the time. */
class Pace {
  readonly #forMs: number;
  #first: number | null = null;
  #last = 0;
  #frames = 0;

  constructor(forMs: number) {
    this.#forMs = forMs;
  }

  get over(): boolean {
    return this.#first !== null && this.#last - this.#first >= this.#forMs;
  }

  done(frames: number): void {
    if (this.over) return;
    this.#last = performance.now();
    if (this.#first === null) this.#first = this.#last;
    else this.#frames += frames;
  }

  get perSecond(): number {
    return (this.#frames * 1000) / (this.#last - this.#first!);
  }
}

/** As a camera has it. */
function shared(picture: Picture): YuvPicture {
  const { planes } = toYuv(picture);
  const frame = newFrame(picture, new Uint8Array(new SharedArrayBuffer(planes.length)));
  frame.planes.set(planes);
  return frame;
}

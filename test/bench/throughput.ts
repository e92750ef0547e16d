import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Picture } from '../../server/frames/frame.js';
import { median } from './measure.js';
import { FACES } from './pictures.js';

/** Frames a second in one round. */
export interface ThroughputRound {
  /** The networks alone, repeated by as many workers, on inputs that lie ready. */
  engine: number;
  /** `recognise` called without a pause, by as many callers as there are workers. */
  recogniser: number;
  /** Frames copied into cameras' slots and pulled in batches. */
  pipeline: number;
}

export interface Throughput {
  /** What it ran on, for example `onnx 1.30.0, 2 workers`. */
  engine: string;
  framesPerSecond: ThroughputRound;
  facesPerSecond: ThroughputRound;
  /** Share of the bare engine's throughput that the pipeline leaves, median of the rounds' own shares. */
  kept: number;
  /** The same for the pipeline against the bare recogniser: what slots, batches and copies cost. */
  keptOfRecogniser: number;
}

/** Throughput with all workers on the 720p frame with five faces, in a process of its own. */
export async function measureThroughput(
  picture: Picture,
  { rounds, sliceMs }: { rounds: number; sliceMs: number },
): Promise<Throughput> {
  const child = fork(fileURLToPath(new URL('./throughput.child.ts', import.meta.url)), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const alarm = setTimeout(() => child.kill('SIGKILL'), 60_000 + (rounds + 1) * (sliceMs + 5_000) * 3);
  const all: ThroughputRound[] = [];
  let engine = '';
  child.on('message', (message: { round: ThroughputRound; description: string }) => {
    engine = message.description;
    all.push(message.round);
  });
  child.send({ picture: { ...picture, pixels: Uint8Array.from(picture.pixels) }, rounds, sliceMs });
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(alarm);
  if (code !== 0 || all.length === 0) throw new Error(`the throughput could not be measured (exit ${code})`);
  const of = (key: keyof ThroughputRound) => median(all.map((round) => round[key]));
  const framesPerSecond = { engine: of('engine'), recogniser: of('recogniser'), pipeline: of('pipeline') };
  return {
    engine,
    framesPerSecond,
    facesPerSecond: {
      engine: framesPerSecond.engine * FACES,
      recogniser: framesPerSecond.recogniser * FACES,
      pipeline: framesPerSecond.pipeline * FACES,
    },
    kept: median(all.map((round) => round.pipeline / round.engine)),
    keptOfRecogniser: median(all.map((round) => round.pipeline / round.recogniser)),
  };
}

import type { ErrorCode } from '../base/errors.js';
import type { Picture, YuvPicture } from '../frames/frame.js';
import type { DetectorSettings } from './detect.js';
import type { EngineName } from './engine.js';
import type { Face } from './face.js';
import type { QualityLimits } from './quality-gate.js';
import type { RecogniseOptions } from './recogniser.js';
import type { BatchTimes } from './stage-times.js';

/** What a recognising worker is started with. */
export interface WorkerSetup {
  engine: EngineName;
  threads: number;
  /** Name of the network that makes the embeddings. */
  network: string;
  detector: DetectorSettings;
  quality: QualityLimits;
  modelsFolder: string;
}

/** Beside its setup: where the thread says whether it is in native code (native-stretch.ts). */
export interface WorkerStart extends WorkerSetup {
  stretch: Int32Array<SharedArrayBuffer>;
}

/** A batch on its way to a worker. What lies in shared memory is not copied. */
export interface Batch {
  id: number;
  pictures: readonly (Picture | YuvPicture)[];
  /** One entry a picture. */
  options: readonly RecogniseOptions[];
}

/** Tells a worker to finish what it has in hand and go. */
export const END = 'end';

/** A picture that could not be recognised, by its place in the batch; the others were. */
export interface RefusedPicture {
  index: number;
  error: PlainError;
}

/** An error as plain data: a worker's error would arrive without its code. */
export interface PlainError {
  code: ErrorCode;
  message: string;
  remedy: string;
}

export type WorkerMessage =
  | {
      kind: 'ready';
      engine: EngineName;
      version: string;
      /** Most workers of one process that the engine runs in; null: any number. */
      maxWorkers: number | null;
      /** What the embedding network runs in. */
      precision: 'float32' | 'int8';
      /** Whether pixels are worked on in WebAssembly; false: in JavaScript, which takes twice the time. */
      kernels: boolean;
    }
  | { kind: 'refused'; error: PlainError }
  | { kind: 'faces'; id: number; faces: Face[][]; times: BatchTimes; refused: RefusedPicture[] }
  | { kind: 'failed'; id: number; error: PlainError };

import type { ErrorCode } from '../base/errors.js';
import type { EmbeddingNetwork } from '../../models/catalogue.js';
import type { Nn4Pool } from '../../models/facenet-nn4.js';
import type { Picture } from '../frames/frame.js';
import type { DetectorSettings } from './detect.js';
import type { EngineName } from './engine.js';
import type { Face } from './face.js';
import type { PassedOver } from './open-engine.js';
import type { QualityLimits } from './quality-gate.js';
import type { RecogniseOptions } from './recogniser.js';

/** What a recognising worker is started with. */
export interface WorkerSetup {
  engine: EngineName | 'auto';
  threads: number;
  network: EmbeddingNetwork;
  pool: Nn4Pool;
  detector: DetectorSettings;
  quality: QualityLimits;
  modelsFolder: string;
}

/** A batch on its way to a worker. Pixels in shared memory are not copied. */
export interface Batch {
  id: number;
  pictures: readonly Picture[];
  /** One entry a picture. */
  options: readonly RecogniseOptions[];
}

/** Tells a worker to finish what it has in hand and go. */
export const END = 'end';

/** An error as plain data: a worker's error would arrive without its code. */
export interface PlainError {
  code: ErrorCode;
  message: string;
  remedy: string;
}

export type WorkerMessage =
  | { kind: 'ready'; engine: EngineName; version: string; passedOver: PassedOver[] }
  | { kind: 'refused'; error: PlainError }
  | { kind: 'faces'; id: number; faces: Face[][] }
  | { kind: 'failed'; id: number; error: PlainError };

import type { ErrorCode } from '../base/errors.js';
import type { TrainingFaces } from './faces.js';
import type { Learned, LearnOptions } from './learn-adaptation.js';

/** What the worker is started with. */
export interface LearnTask {
  faces: TrainingFaces;
  options: LearnOptions;
}

/** What it says. */
export type LearnMessage =
  | { kind: 'progress'; part: number }
  | { kind: 'learned'; learned: Learned }
  | { kind: 'failed'; error: { code: ErrorCode; message: string; remedy: string } };

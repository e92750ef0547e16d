import type { ErrorCode } from '../../base/errors.js';
import type { Neighbour } from '../gallery-index.js';
import type { Person } from '../person.js';

/** How the gallery is searched; auto: exact until there are so many that an approximate index pays. */
export const galleryModes = ['auto', 'exact', 'approximate'] as const;
export type GalleryMode = (typeof galleryModes)[number];

/** What a gallery's thread is started with. */
export interface ThreadSetup {
  /** Numbers of an embedding. */
  length: number;
  mode: GalleryMode;
}

/** Tells the thread to finish what it has in hand and go. */
export const END = 'end';

export type Request =
  | {
      kind: 'update';
      id: number;
      remove: readonly string[];
      people: readonly Person[];
      /** Samples of each person. */
      counts: Uint32Array;
      /** Their embeddings, one after another; handed over, not copied. */
      embeddings: Float32Array;
    }
  | { kind: 'search'; id: number; probes: Float32Array; k: number };

/** An error as plain data: a worker's error would arrive without its code. */
export interface PlainError {
  code: ErrorCode;
  message: string;
  remedy: string;
}

export type Answer =
  | { kind: 'ready'; description: string; problem: string | null }
  | { kind: 'refused'; error: PlainError }
  | { kind: 'updated'; id: number }
  | { kind: 'found'; id: number; neighbours: Neighbour[][] }
  | { kind: 'failed'; id: number; error: PlainError }
  /** How it searches has changed, or how far building the index is. */
  | {
      kind: 'state';
      description: string;
      problem: string | null;
      progress: { done: number; total: number } | null;
    };

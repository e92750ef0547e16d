import type { RecogniseOptions } from './recogniser.js';

/** How many times the usual a batch may take. */
const TIMES_USUAL = 20;
/** No batch is given up sooner than this, ms: a machine can be that busy. */
const LEAST_MS = 5_000;
/** A photo is looked at in more ways where it shows nothing, and nobody waits at a door for it, ms. */
const LEAST_PHOTO_MS = 30_000;
/** What has not been seen yet may take this long, ms: networks are compiled when they are first asked for. */
const UNKNOWN_MS = 60_000;
/** A thread's first batch may take this many times longer: its networks are compiled, but never ran. */
const TIMES_FIRST = 3;
/** Batches of a kind after which its usual time is known. */
const ENOUGH = 3;
/** Part of the newest batch in the usual time. */
const NEWEST = 0.2;

/** How long a batch may take before its worker counts as hanging. */
export interface Patience {
  /**
   * @param options of the batch's pictures
   * @param first whether it is the thread's first batch
   * @returns ms; null: for ever
   */
  limitMs(options: readonly RecogniseOptions[], first: boolean): number | null;
  /** A batch was answered after so many ms. */
  took(options: readonly RecogniseOptions[], ms: number): void;
}

/** Always the same time, ms; null: for ever. */
export const fixedPatience = (ms: number | null): Patience => ({
  limitMs: () => ms,
  took: () => undefined,
});

/**
 * Learns how long batches take, by kind of look, and so how long is too long: a hang is noticed within seconds where
 * batches take milliseconds, and a slow engine is not taken for one that hangs. One for all threads of a recogniser.
 */
export class LearningPatience implements Patience {
  readonly #kinds = new Map<string, { usualMs: number; batches: number }>();

  limitMs(options: readonly RecogniseOptions[], first: boolean): number {
    let usualMs = 0;
    for (const one of options) {
      const known = this.#kinds.get(kindOf(one));
      if (!known || known.batches < ENOUGH) return UNKNOWN_MS;
      usualMs += known.usualMs;
    }
    const least = options.some(({ profile }) => profile === 'photo') ? LEAST_PHOTO_MS : LEAST_MS;
    return Math.max(least, TIMES_USUAL * usualMs) * (first ? TIMES_FIRST : 1);
  }

  took(options: readonly RecogniseOptions[], ms: number): void {
    const each = ms / options.length;
    for (const kind of new Set(options.map(kindOf))) {
      const { usualMs, batches } = this.#kinds.get(kind) ?? { usualMs: each, batches: 0 };
      // Up at once, down slowly: a look at a corner of the picture tells nothing of the next look at all of it.
      const usual = each > usualMs ? each : usualMs + (each - usualMs) * NEWEST;
      this.#kinds.set(kind, { usualMs: usual, batches: batches + 1 });
    }
  }
}

const kindOf = ({ profile = 'balanced', liveness = false }: RecogniseOptions): string =>
  `${profile}${liveness ? ', liveness' : ''}`;

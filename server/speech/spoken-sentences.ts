import { createHash } from 'node:crypto';
import { GatehouseError } from '../base/errors.js';
import { atMost } from './at-most.js';
import { SoundCache, type SoundCacheOptions } from './sound-cache.js';
import type { Sentence, Speech } from './speech.js';

export interface SpokenSentencesOptions extends SoundCacheOptions {
  /** null: nothing speaks here, or it has yet to be found (`speakBy`); sentences have no sound meanwhile. */
  speech: Speech | null;
  /** Sentences that are rendered at the same time. */
  atOnce?: number;
}

/** A sentence without its pace: what a greeting says. */
export type Saying = Pick<Sentence, 'text' | 'language' | 'voice'>;

/** Sentences that are remembered, beyond those on disk; a desk asks for one within seconds. */
const REMEMBERED = 500;
const WAITING = 32;
const KEY = /^[0-9a-f]{64}$/;

/**
 * Sentences as sound. Only sentences that were announced can be had, by a key that says nothing about them, so
 * that nobody makes the server speak words of their own.
 */
export class SpokenSentences {
  #speech: Speech | null;
  readonly #cache: SoundCache;
  readonly #limit: ReturnType<typeof atMost>;
  readonly #announced = new Map<string, Saying>();
  readonly #underway = new Map<string, Promise<Uint8Array>>();
  readonly #writes = new Set<Promise<void>>();
  readonly #closed = new AbortController();
  readonly #onProblem: (error: unknown) => void;

  constructor(options: SpokenSentencesOptions) {
    this.#speech = options.speech;
    this.#cache = new SoundCache(options);
    this.#onProblem = options.onProblem ?? (() => undefined);
    this.#limit = atMost(options.atOnce ?? 2, WAITING, tooMany);
  }

  async open(): Promise<void> {
    await this.#cache.open();
  }

  /** From now on sentences are spoken by this. */
  speakBy(speech: Speech): void {
    this.#speech = speech;
  }

  /**
   * Gives a sentence its key and begins to render it, for it will be asked for in a moment.
   *
   * @returns 64 hex digits; null where nothing speaks here
   */
  announce(saying: Saying): string | null {
    if (!this.#speech || this.#closed.signal.aborted) return null;
    const key = keyOf(this.#speech.name, saying);
    this.#announced.delete(key);
    this.#announced.set(key, saying);
    for (const oldest of this.#announced.keys()) {
      if (this.#announced.size <= REMEMBERED) break;
      this.#announced.delete(oldest);
    }
    this.spoken(key).catch((error: unknown) => {
      if (!this.#closed.signal.aborted) this.#onProblem(error);
    });
    return key;
  }

  /** WAV of an announced sentence; null for any other key. Rejects with SPEECH_FAILED. */
  async spoken(key: string): Promise<Uint8Array | null> {
    if (!KEY.test(key)) return null;
    const underway = this.#underway.get(key);
    if (underway) return underway;
    const saying = this.#announced.get(key);
    if (!saying || !this.#speech) return this.#cache.get(key);
    const rendering = this.#render(this.#speech, key, saying);
    this.#underway.set(key, rendering);
    try {
      return await rendering;
    } finally {
      this.#underway.delete(key);
    }
  }

  /** Stops what is being rendered; no process and no write is left when it resolves. */
  async close(): Promise<void> {
    this.#closed.abort(new GatehouseError('SPEECH_FAILED', 'Gatehouse is stopping.', 'Start it again.'));
    await Promise.allSettled(this.#underway.values());
    await Promise.all(this.#writes);
  }

  async #render(speech: Speech, key: string, saying: Saying): Promise<Uint8Array> {
    const cached = await this.#cache.get(key);
    if (cached) return cached;
    const { signal } = this.#closed;
    const sound = await this.#limit(async () => {
      // Its turn may come only when all is over.
      signal.throwIfAborted();
      return speech.render(saying, signal);
    });
    // Not waited for: the desk is.
    const write = this.#cache.put(key, sound).finally(() => this.#writes.delete(write));
    this.#writes.add(write);
    return sound;
  }
}

function keyOf(speech: string, { text, language, voice }: Saying): string {
  return createHash('sha256')
    .update(JSON.stringify([speech, text, language, voice]))
    .digest('hex');
}

function tooMany(): GatehouseError {
  return new GatehouseError(
    'SPEECH_FAILED',
    'Too many sentences wait to be spoken.',
    "Install the system's espeak-ng, which is faster, or let fewer cameras greet.",
  );
}

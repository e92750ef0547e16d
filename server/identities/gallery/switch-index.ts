import { asGatehouseError } from '../../base/errors.js';
import type { Log } from '../../base/log.js';
import type { GalleryIndex, GalleryUpdate, Member } from '../gallery-index.js';
import { loopIndex } from './loop-index.js';
import { startThreadIndex, type LaunchGallery, type ThreadIndex, type ThreadState } from './thread-index.js';
import type { GalleryMode } from './thread-messages.js';

/**
 * From so many samples on a thread searches, and below so many the loop again; docs/decisions/gallery.md. Two numbers,
 * so that a gallery that grows and shrinks about one of them does not go back and forth.
 */
export const THREAD_FROM = 2_000;
export const THREAD_UNTIL = 1_500;
/** A thread that died so often is not started again. */
const MOST_DEATHS = 3;

export interface SwitchOptions {
  /** Numbers of an embedding. */
  length: number;
  mode: GalleryMode;
  launch: LaunchGallery;
  log: Log;
  from?: number;
  until?: number;
}

/** The gallery's index, whatever its size: one by one on this thread while that takes no time, then in a thread. */
export class SwitchIndex implements GalleryIndex {
  readonly #options: Required<SwitchOptions>;
  /** Everybody, for the index that takes over next. */
  readonly #members = new Map<string, Member>();
  #samples = 0;
  #index: GalleryIndex;
  #thread: ThreadIndex | null = null;
  #deaths = 0;
  #problem: string | null = null;
  #turn: Promise<void> = Promise.resolve();
  #mending: Promise<void> | null = null;
  #closed = false;

  constructor(options: SwitchOptions) {
    this.#options = { from: THREAD_FROM, until: THREAD_UNTIL, ...options };
    this.#index = loopIndex(options.length);
  }

  get description(): string {
    return this.#index.description;
  }

  get samples(): number {
    return this.#samples;
  }

  /** What keeps it from searching as it should, in the operator's words; null while all is well. */
  get problem(): string | null {
    return this.#problem ?? this.#thread?.problem ?? null;
  }

  update(update: GalleryUpdate): Promise<void> {
    return this.#inTurn(async () => {
      try {
        await this.#index.update(update);
      } catch (thrown) {
        if (asGatehouseError(thrown).code !== 'GALLERY_FAILED') throw thrown;
        // Whether it died or is in a state that nobody knows: the next one is told of everybody.
        void this.#thread?.close();
      }
      for (const id of update.remove) this.#forget(id);
      for (const member of update.put) {
        this.#forget(member.id);
        this.#members.set(member.id, member);
        this.#samples += member.embeddings.length;
      }
      await this.#fit();
    });
  }

  async search(probes: Float32Array, k: number) {
    await this.#mending;
    return this.#index.search(probes, k);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#inTurn(() => this.#index.close());
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  #forget(id: string): void {
    this.#samples -= this.#members.get(id)?.embeddings.length ?? 0;
    this.#members.delete(id);
  }

  /** Changes to the index that fits the size; the one so far answers until the other knows everybody. */
  async #fit(): Promise<void> {
    const { from, until } = this.#options;
    if (!this.#thread && this.#samples >= from && this.#deaths < MOST_DEATHS) await this.#startThread();
    else if (this.#thread && this.#samples < until) await this.#useLoop();
  }

  async #startThread(): Promise<void> {
    const { length, mode, launch, log } = this.#options;
    try {
      const thread = await startThreadIndex(launch, { length, mode }, (state) => this.#tell(state));
      void thread.gone.then(() => this.#mend(thread));
      await thread.update({ put: [...this.#members.values()], remove: [] });
      const before = this.#index;
      this.#thread = thread;
      this.#index = thread;
      this.#problem = null;
      await before.close();
      log.info({ samples: this.#samples, index: thread.description }, 'the gallery has its own thread');
    } catch (thrown) {
      const { code, message, advice } = asGatehouseError(thrown, 'GALLERY_FAILED');
      if (this.#problem === null)
        log.error({ code, err: thrown }, `${message}; the gallery is searched one by one`);
      this.#problem = `${code}: ${advice}`;
    }
  }

  async #useLoop(): Promise<void> {
    const loop = loopIndex(this.#options.length);
    await loop.update({ put: [...this.#members.values()], remove: [] });
    const before = this.#index;
    this.#thread = null;
    this.#index = loop;
    await before.close();
  }

  /** A thread that died is replaced; searches wait for that. */
  async #mend(dead: ThreadIndex): Promise<void> {
    if (this.#closed || this.#thread !== dead) return;
    this.#deaths += 1;
    this.#options.log.warn({ deaths: this.#deaths }, "the gallery's thread was lost and is replaced");
    this.#mending = this.#inTurn(async () => {
      if (this.#closed || this.#thread !== dead) return;
      await this.#useLoop();
      await this.#fit();
      if (this.#deaths >= MOST_DEATHS)
        this.#problem = `GALLERY_FAILED: the gallery's thread died ${this.#deaths} times. Report it with the log.`;
    });
    await this.#mending;
    this.#mending = null;
  }

  #tell({ description, problem, progress }: ThreadState): void {
    const { log } = this.#options;
    if (problem !== null) log.warn({ problem }, 'the gallery cannot be searched as it was asked to');
    if (progress)
      log.info({ ...progress }, progress.done < progress.total ? 'building the index' : description);
    else log.info({ index: description }, 'the gallery is searched in another way');
  }
}

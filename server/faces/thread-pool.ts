import { setTimeout as sleep } from 'node:timers/promises';
import { asGatehouseError, GatehouseError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { Answer, RecogniseThread } from './recognise-thread.js';
import type { WorkerReadings } from './recogniser.js';
import type { Batch } from './worker-messages.js';

/** A lost thread that cannot be replaced is tried again after this, ms. */
const REPLACE_AGAIN_MS = 5_000;

/** Threads that recognise, as many as are wanted: each batch waits for a free one, and one that is lost is replaced. */
export interface ThreadPool {
  /** How many there are now. */
  readonly size: number;
  /** Why a thread cannot be started, in the operator's words; null while all is well. */
  readonly failing: string | null;
  readonly closed: boolean;
  readonly readings: WorkerReadings;
  /** Rejects with ENGINE_FAILED where the thread dies or hangs over it, or the pool is closed before one is free. */
  run(batch: Omit<Batch, 'id'>): Promise<Answer>;
  /** Resolves when every thread is gone, those that were still being started too. */
  close(): Promise<void>;
}

export interface ThreadPoolOptions {
  /** How many threads there shall be in all, the first included. */
  count: number;
  /** Starts one more. */
  start: () => Promise<RecogniseThread>;
  /** Resolve at once; the others follow by themselves. Otherwise all are waited for. */
  early: boolean;
  log: Log;
  /** Aborted when everything stops: threads are replaced no more. */
  signal: AbortSignal | undefined;
  /** Monotonic ms. */
  now: () => number;
}

/**
 * @param first is up already
 * @returns rejects with what the start of another was refused for, unless `early`; nothing is left running then
 */
export async function openThreadPool(
  first: RecogniseThread,
  options: ThreadPoolOptions,
): Promise<ThreadPool> {
  const { count, early, log, signal, now } = options;
  const threads = new Set([first]);
  const leaving = new Set<RecogniseThread>();
  const start = async (): Promise<RecogniseThread> => {
    const thread = await options.start();
    threads.add(thread);
    return thread;
  };
  if (!early) {
    try {
      await Promise.all(Array.from({ length: count - 1 }, start));
    } catch (error) {
      await Promise.all([...threads].map((thread) => thread.end()));
      throw error;
    }
  }

  // Last used, first taken: its caches are warm.
  const idle = [...threads];
  const waiting: { take: (thread: RecogniseThread) => void; reject: (error: Error) => void }[] = [];
  const closing = new AbortController();
  let failing: string | null = null;
  let replacing: Promise<unknown> = Promise.resolve();
  let nextId = 1;
  /** When each batch that is in a thread's hands went there. */
  const underWay = new Map<number, number>();
  let busyMs = 0;
  let replaced = 0;

  const giveBack = (thread: RecogniseThread): void => {
    const next = waiting.shift();
    if (next) next.take(thread);
    else idle.push(thread);
  };
  const free = (): Promise<RecogniseThread> => {
    const thread = idle.pop();
    if (thread) return Promise.resolve(thread);
    return new Promise((take, reject) => waiting.push({ take, reject }));
  };
  const replace = async (lost: RecogniseThread): Promise<void> => {
    threads.delete(lost);
    // One that hangs may take its time to go; whoever closes waits for it too.
    leaving.add(lost);
    void lost.end().then(() => leaving.delete(lost));
    if (await addThread()) replaced += 1;
  };
  /** One more thread, however often it has to be tried; false where it was closed meanwhile. */
  const addThread = async (): Promise<boolean> => {
    while (!closing.signal.aborted) {
      try {
        const thread = await start();
        failing = null;
        // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- closed while it started
        if (closing.signal.aborted) await thread.end();
        else giveBack(thread);
        return true;
      } catch (thrown) {
        const { code, message } = asGatehouseError(thrown);
        // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- closed while it started
        if (closing.signal.aborted || signal?.aborted) return false;
        failing = `${code}: a recognition worker cannot be started: ${message}`;
        log.error({ code, reason: message }, 'a recognition worker cannot be started; trying again');
        // Those who wait go on waiting: it is tried for as long as anybody could want it.
        await sleep(REPLACE_AGAIN_MS, undefined, { signal: closing.signal, ref: false }).catch(
          () => undefined,
        );
      }
    }
    return false;
  };

  if (early) replacing = Promise.all(Array.from({ length: count - 1 }, addThread));

  return {
    get size() {
      return threads.size;
    },
    get failing() {
      return failing;
    },
    get closed() {
      return closing.signal.aborted;
    },
    readings: {
      engine: first.ready.engine,
      get count() {
        return threads.size;
      },
      get busy() {
        return underWay.size;
      },
      get busySeconds() {
        return [...underWay.values()].reduce((sum, since) => sum + now() - since, busyMs) / 1000;
      },
      get replaced() {
        return replaced;
      },
    },
    async run(batch) {
      const thread = await free();
      const id = nextId++;
      underWay.set(id, now());
      try {
        return await thread.run({ id, ...batch });
      } finally {
        busyMs += now() - underWay.get(id)!;
        underWay.delete(id);
        if (!thread.dead) giveBack(thread);
        else if (!closing.signal.aborted) {
          log.warn('a recognition worker was lost and is replaced');
          replacing = Promise.all([replacing, replace(thread)]);
        }
      }
    },
    async close() {
      closing.abort();
      for (const { reject } of waiting.splice(0)) reject(closedError());
      await Promise.all([replacing, ...[...threads, ...leaving].map((thread) => thread.end())]);
      threads.clear();
    },
  };
}

export function closedError(): GatehouseError {
  return new GatehouseError('ENGINE_FAILED', 'The recogniser cannot work: it was closed.', 'Start it again.');
}

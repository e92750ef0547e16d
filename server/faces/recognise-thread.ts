import { once } from 'node:events';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { GatehouseError } from '../base/errors.js';
import { workerBeside } from '../base/worker.js';
import type { Face } from './face.js';
import type { BatchTimes } from './stage-times.js';
import { END, type Batch, type WorkerMessage, type WorkerSetup } from './worker-messages.js';

/** Longest that a thread may take over the batch in its hands when it is to end, ms. */
const END_MS = 3_000;
/** Longest that it may take over the network it compiles when it is given up while it starts, ms. */
const GIVE_UP_MS = 1_200;

/** What a thread says when it is up. */
export type Ready = Extract<WorkerMessage, { kind: 'ready' }>;

/** One worker thread that recognises, one batch at a time. Once it failed it stays failed: start another. */
export interface RecogniseThread {
  readonly ready: Ready;
  /** Whether it died or was ended. */
  readonly dead: boolean;
  /** Rejects with ENGINE_FAILED where the thread dies over it or does not answer in time, and is dead then. */
  run(batch: Batch): Promise<{ faces: Face[][]; times: BatchTimes }>;
  /** Resolves when the thread is gone, which finishes the batch in its hands first. */
  end(): Promise<void>;
}

/**
 * Starts a worker thread and waits until its networks are compiled. Rejects with what it refused: ENGINE_NOT_FOUND,
 * ENGINE_FAILED, MODEL_MISSING ...
 *
 * @param deadlineMs longest that one batch may take; null: for ever
 * @param signal gives the start up; it rejects when the thread is gone
 */
export async function startThread(
  setup: WorkerSetup,
  deadlineMs: number | null,
  signal?: AbortSignal,
): Promise<RecogniseThread> {
  signal?.throwIfAborted();
  // Native engines read settings from the process's environment, which a thread with a copy of it cannot set.
  const worker = new Worker(workerBeside(import.meta.url, './recognise.worker'), {
    workerData: setup,
    env: SHARE_ENV,
  });
  let dead = false;
  let failure: unknown = null;
  // Told when the thread goes. Each batch waits for that in here and not on the promise, which would keep every batch's
  // faces until then.
  const mourners = new Set<() => void>();
  const gone = new Promise<void>((resolve) => {
    worker.on('error', (error) => (failure = error));
    worker.once('exit', () => {
      dead = true;
      for (const tell of mourners) tell();
      resolve();
    });
  });
  const died = (): GatehouseError =>
    new GatehouseError(
      'ENGINE_FAILED',
      `A recognition worker died: ${failure instanceof Error ? failure.message : 'it ended without a word'}`,
      'It is replaced by itself; if this comes again, try another engine in recognition.engine.',
      { cause: failure },
    );

  /**
   * Asks the thread to go, and makes it go where it does not within `graceMs`. Asked first, for a thread that is
   * ended in the middle of onnxruntime's native code takes the whole process with it.
   */
  const end = async (graceMs: number): Promise<void> => {
    if (worker.threadId === -1) return gone;
    worker.postMessage(END);
    const alarm = setTimeout(() => void worker.terminate(), graceMs);
    await gone;
    clearTimeout(alarm);
  };

  const giveUp = (): void => void end(GIVE_UP_MS);
  signal?.addEventListener('abort', giveUp, { once: true });
  const first = await Promise.race([
    once(worker, 'message') as Promise<[WorkerMessage]>,
    gone.then(() => null),
  ]).catch(() => null);
  signal?.removeEventListener('abort', giveUp);
  if (signal?.aborted) {
    await gone;
    throw signal.reason;
  }
  const ready = first?.[0] ?? null;
  if (ready?.kind !== 'ready') {
    await worker.terminate();
    if (ready?.kind === 'refused')
      throw new GatehouseError(ready.error.code, ready.error.message, ready.error.remedy);
    throw died();
  }

  return {
    ready,
    get dead() {
      return dead;
    },
    run: (batch) =>
      new Promise((resolve, reject) => {
        let alarm: NodeJS.Timeout | null = null;
        const settle = (outcome: () => void): void => {
          if (alarm) clearTimeout(alarm);
          worker.off('message', answer);
          mourners.delete(lost);
          outcome();
        };
        const lost = (): void => settle(() => reject(died()));
        const answer = (message: WorkerMessage): void => {
          if (message.kind === 'faces' && message.id === batch.id) settle(() => resolve(message));
          else if (message.kind === 'failed' && message.id === batch.id) {
            const { code, message: text, remedy } = message.error;
            settle(() => reject(new GatehouseError(code, text, remedy)));
          }
        };
        worker.on('message', answer);
        if (worker.threadId === -1) {
          lost();
          return;
        }
        mourners.add(lost);
        if (deadlineMs !== null)
          alarm = setTimeout(() => {
            failure = new Error(`no answer within ${deadlineMs} ms`);
            dead = true;
            lost();
          }, deadlineMs);
        worker.postMessage(batch);
      }),
    end: () => end(END_MS),
  };
}

import { once } from 'node:events';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { GatehouseError } from '../base/errors.js';
import { workerBeside } from '../base/worker.js';
import type { Patience } from './batch-patience.js';
import { NativeStretch } from './native-stretch.js';
import {
  END,
  type Batch,
  type PlainError,
  type WorkerMessage,
  type WorkerSetup,
  type WorkerStart,
} from './worker-messages.js';

/** Longest that a thread may take over the batch in its hands when it is to end, ms. */
const END_MS = 3_000;
/** Longest that it may take over the network it compiles when it is given up while it starts, ms. */
const GIVE_UP_MS = 1_200;
/** Where it is in native code then, it is looked at again this often, ms. */
const END_AGAIN_MS = 250;
/** An alarm that goes off this late, ms, was not watching: the whole process was held up, and its threads too. */
const HELD_UP_MS = 500;

/** What a thread answers to a batch. */
export type Answer = Pick<Extract<WorkerMessage, { kind: 'faces' }>, 'faces' | 'times' | 'refused'>;

/** What a thread says when it is up. */
export type Ready = Extract<WorkerMessage, { kind: 'ready' }>;

/** One worker thread that recognises, one batch at a time. Once it failed it stays failed: start another. */
export interface RecogniseThread {
  readonly ready: Ready;
  /** Whether it died or was ended. */
  readonly dead: boolean;
  /** Rejects with ENGINE_FAILED where the thread dies over it or does not answer in time, and is dead then. */
  run(batch: Batch): Promise<Answer>;
  /**
   * Resolves when the thread is gone, which finishes the batch in its hands first. One that hangs is terminated, but
   * never in native code: one that does not come back from there stays until the process is killed.
   */
  end(): Promise<void>;
}

/**
 * Starts a worker thread and waits until its networks are compiled. Rejects with what it refused: ENGINE_NOT_FOUND,
 * ENGINE_FAILED, MODEL_MISSING ...
 *
 * @param patience how long a batch may take
 * @param signal gives the start up; it rejects when the thread is gone
 * @param entry the module that the thread runs
 */
export async function startThread(
  setup: WorkerSetup,
  patience: Patience,
  signal?: AbortSignal,
  entry: URL = workerBeside(import.meta.url, './recognise.worker'),
): Promise<RecogniseThread> {
  signal?.throwIfAborted();
  const stretch = new NativeStretch();
  // Native engines read settings from the process's environment, which a thread with a copy of it cannot set.
  const worker = new Worker(entry, {
    workerData: { ...setup, stretch: stretch.shared } satisfies WorkerStart,
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
   * Asks the thread to go, and makes it go where it does not within `graceMs`, as soon as it is not in native code: a
   * thread that is ended in the middle of onnxruntime takes the whole process with it.
   */
  const end = async (graceMs: number): Promise<void> => {
    if (worker.threadId === -1) return gone;
    worker.postMessage(END);
    const insist = (): void => {
      if (stretch.closeOff()) void worker.terminate();
      else alarm = setTimeout(insist, END_AGAIN_MS);
    };
    let alarm = setTimeout(insist, graceMs);
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
    if (ready?.kind === 'refused') throw asError(ready.error);
    throw died();
  }

  let isFirst = true;
  return {
    ready,
    get dead() {
      return dead;
    },
    run: (batch) =>
      new Promise((resolve, reject) => {
        const began = performance.now();
        let alarm: NodeJS.Timeout | null = null;
        const settle = (outcome: () => void): void => {
          if (alarm) clearTimeout(alarm);
          worker.off('message', answer);
          mourners.delete(lost);
          outcome();
        };
        const lost = (): void => settle(() => reject(died()));
        const answer = (message: WorkerMessage): void => {
          if (message.kind === 'faces' && message.id === batch.id) {
            patience.took(batch.options, performance.now() - began);
            isFirst = false;
            settle(() => resolve(message));
          } else if (message.kind === 'failed' && message.id === batch.id)
            settle(() => reject(asError(message.error)));
        };
        worker.on('message', answer);
        if (worker.threadId === -1) {
          lost();
          return;
        }
        mourners.add(lost);
        const limitMs = patience.limitMs(batch.options, isFirst);
        const watch = (ms: number): void => {
          const due = performance.now() + ms;
          alarm = setTimeout(() => {
            if (performance.now() - due > HELD_UP_MS) {
              watch(Math.min(limitMs!, HELD_UP_MS));
              return;
            }
            failure = new Error(`no answer within ${Math.round(limitMs!)} ms`);
            dead = true;
            lost();
          }, ms);
        };
        if (limitMs !== null) watch(limitMs);
        worker.postMessage(batch);
      }),
    end: () => end(END_MS),
  };
}

/** An error that came as plain data. */
export const asError = ({ code, message, remedy }: PlainError): GatehouseError =>
  new GatehouseError(code, message, remedy);

import type { Worker } from 'node:worker_threads';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { YuvPicture } from '../frames/frame.js';
import { END, type MadePicture, type WantedPicture } from './live-picture-messages.js';

/** A thread that was lost is started again not before this, ms. */
const START_AGAIN_MS = 5_000;
/** Longest that it may take over what it has in hand when it is to end, ms. */
const END_MS = 1_000;

/** Starts the worker whose entry calls `serveLivePictures`. */
export type LaunchLivePictures = () => Worker;

export interface LivePictures {
  /**
   * A camera's picture as JPEG, 960 pixels wide at most. Copies what it needs before it returns; a camera's next one may be asked for
   * once this one has come.
   *
   * @returns null where it could not be made, which is in the log
   */
  encode(camera: string, picture: YuvPicture): Promise<Uint8Array | null>;
  /** The camera is not watched any more. */
  forget(camera: string): void;
  /** Resolves once the thread is gone; what was asked for is null then. */
  close(): Promise<void>;
}

/**
 * Makes live pictures in a thread of their own: colours and encoding together take a processor for 10 ms a picture, and all
 * pictures of a batch come in one turn. The thread is started for the first picture that somebody watches.
 */
export function livePictures(launch: LaunchLivePictures, clock: Clock, log: Log): LivePictures {
  /** By camera: where the thread reads its picture, again and again while it is watched. The frame goes back to the camera at once. */
  const copies = new Map<string, Uint8Array<SharedArrayBuffer>>();
  const waiting = new Map<number, (jpeg: Uint8Array | null) => void>();
  let thread: { worker: Worker; gone: Promise<void> } | null = null;
  let nextId = 1;
  let startAt = -Infinity;
  let closed = false;

  const start = () => {
    const worker = launch();
    worker.on('message', ({ id, camera, jpeg, problem }: MadePicture) => {
      if (problem !== null) log.error({ camera, reason: problem }, 'a live picture could not be encoded');
      waiting.get(id)?.(jpeg);
      waiting.delete(id);
    });
    let failure: unknown = null;
    worker.on('error', (error) => (failure = error));
    const gone = new Promise<void>((resolve) => {
      worker.once('exit', () => {
        if (!closed) log.error({ err: failure }, 'the thread of live pictures was lost and is replaced');
        startAt = clock.monotonic() + START_AGAIN_MS;
        thread = null;
        for (const give of waiting.values()) give(null);
        waiting.clear();
        resolve();
      });
    });
    return { worker, gone };
  };

  const copy = (camera: string, { planes }: YuvPicture): Uint8Array<SharedArrayBuffer> => {
    let kept = copies.get(camera);
    if (kept?.length !== planes.length)
      copies.set(camera, (kept = new Uint8Array(new SharedArrayBuffer(planes.length))));
    kept.set(planes);
    return kept;
  };

  return {
    encode(camera, picture) {
      if (closed || (thread === null && clock.monotonic() < startAt)) return Promise.resolve(null);
      thread ??= start();
      const { width, height, matrix } = picture;
      const wanted: WantedPicture = {
        ...{ id: nextId++, camera },
        picture: { width, height, matrix, planes: copy(camera, picture) },
      };
      thread.worker.postMessage(wanted);
      return new Promise((resolve) => waiting.set(wanted.id, resolve));
    },
    forget: (camera) => void copies.delete(camera),
    async close() {
      closed = true;
      copies.clear();
      if (thread === null) return;
      const { worker, gone } = thread;
      worker.postMessage(END);
      const alarm = setTimeout(() => void worker.terminate(), END_MS);
      await gone;
      clearTimeout(alarm);
    },
  };
}

import { Worker } from 'node:worker_threads';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import { workerBeside } from '../base/worker.js';
import { livePictures, type LivePictures } from '../outlets/live-pictures.js';

export const launchLivePictures = (): Worker =>
  new Worker(workerBeside(import.meta.url, './live-pictures.worker'));

/** What makes live pictures. Its thread is started when somebody watches. */
export function composeLivePictures(clock: Clock, log: Log): LivePictures {
  return livePictures(launchLivePictures, clock, log);
}

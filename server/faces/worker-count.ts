import { availableParallelism } from 'node:os';

/** Up to here every processor gets a worker; more are left to cameras and the desk by halves. */
const ALL_UP_TO = 4;
/** Each takes some 200 MiB. */
const MOST = 16;

/**
 * How many worker threads `auto` is: one a processor, one thread each, for a second thread in a worker and a second worker on
 * a processor both gain nothing (docs/decisions/engines.md).
 */
export function workerCount(wanted: number | 'auto', processors = availableParallelism()): number {
  if (wanted !== 'auto') return wanted;
  return Math.max(Math.min(processors, ALL_UP_TO), Math.min(Math.floor(processors / 2), MOST));
}

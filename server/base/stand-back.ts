import { constants, getPriority, setPriority } from 'node:os';
import { isMainThread } from 'node:worker_threads';

/** How much nicer than the main thread. */
export const STEPS_BACK = 3;

/**
 * Lowers the priority of the worker thread that calls it: where more threads want to run than there are processors, the main thread comes
 * first. Only Linux has priorities for each thread; elsewhere, and where it may not be told so, all are alike.
 */
export function standBack(): void {
  // Elsewhere it would be the whole process.
  if (process.platform !== 'linux' || isMainThread) return;
  try {
    setPriority(Math.min(getPriority() + STEPS_BACK, constants.priority.PRIORITY_LOW));
  } catch {
    // A sandbox forbids it.
  }
}

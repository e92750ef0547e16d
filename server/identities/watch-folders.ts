import { watch } from 'chokidar';
import { basename } from 'node:path';
import { debounceTime, merge, Observable, timer, type SchedulerLike } from 'rxjs';
import { isPassedOver } from './list-photos.js';

export interface WatchOptions {
  scheduler: SchedulerLike;
  /** A file is taken as complete once its size has stayed the same for this long, ms. */
  settleMs: number;
  /** Looked at anew this often even without a sign of change, ms: network shares do not tell. */
  rescanMs: number;
  onError(error: unknown): void;
}

/**
 * Emits when something in a folder may have changed and has settled; several changes close together are one.
 * Ends nothing by itself: unsubscribing closes the watcher.
 */
export function watchFolders(folders: readonly string[], options: WatchOptions): Observable<unknown> {
  const { scheduler, settleMs, rescanMs } = options;
  const told = new Observable<string>((subscriber) => {
    const watcher = watch([...folders], {
      ignoreInitial: true,
      awaitWriteFinish: { stabilityThreshold: settleMs, pollInterval: Math.max(20, settleMs / 4) },
      ignored: (path) => !folders.includes(path) && isPassedOver(basename(path)),
    });
    watcher.on('all', (_event, path) => subscriber.next(path));
    // Without a watch (too many files, for example) the regular look still finds every change.
    watcher.on('error', (error) => options.onError(error));
    return () => void watcher.close();
  });
  return merge(told.pipe(debounceTime(settleMs / 2, scheduler)), timer(rescanMs, rescanMs, scheduler));
}

import {
  concatMap,
  distinctUntilChanged,
  EMPTY,
  filter,
  fromEvent,
  map,
  of,
  shareReplay,
  switchMap,
  take,
  takeUntil,
  timer,
  type Observable,
} from 'rxjs';
import type { Clock } from '../base/clock.js';

export interface WatchedStream<T> {
  /** Whether anybody watches; anew at each change. */
  readonly watched: Observable<boolean>;
  /** Subscribing opens the stream; it completes once the signal is aborted and nothing of it is left. */
  readonly open: (signal: AbortSignal) => Observable<T>;
  /** It stays open for so long after the last watcher went, ms: a page that is loaded anew finds it open. */
  readonly lingerMs: number;
  readonly clock: Clock;
  readonly stop: AbortSignal;
}

/** Keeps a stream open while somebody watches. Completes after `stop`, once nothing of it is left. */
export function whileWatched<T>({ watched, open, lingerMs, clock, stop }: WatchedStream<T>): Observable<T> {
  if (stop.aborted) return EMPTY;
  const stopped = fromEvent(stop, 'abort');
  const wanted = watched.pipe(
    switchMap((is) => (is ? of(true) : timer(lingerMs, clock.scheduler).pipe(map(() => false)))),
    distinctUntilChanged(),
    takeUntil(stopped),
    // Who subscribes later has to know what holds now.
    shareReplay({ bufferSize: 1, refCount: true }),
  );
  return wanted.pipe(
    filter((is) => is),
    concatMap(() => {
      if (stop.aborted) return EMPTY;
      const abort = new AbortController();
      const end = () => abort.abort();
      wanted
        .pipe(
          filter((is) => !is),
          take(1),
        )
        .subscribe({ next: end, complete: end });
      return open(abort.signal);
    }),
  );
}

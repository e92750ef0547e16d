import { from, merge, Observable, of, switchMap, type ObservableInput, type Subscription } from 'rxjs';
import type { Clock } from '../base/clock.js';
import type { Frame } from './frame.js';
import type { FreshestFrame } from './freshest.js';

export interface BatchOptions {
  /** Frames in a batch at most, each of another camera. */
  count: number;
  /** Longest that a frame waits for company while a worker is idle, ms. */
  deadlineMs: number;
  /** Batches under way at once: the engine's workers. */
  concurrency: number;
}

/**
 * The engine pulls: whenever one of its workers is idle, it takes the freshest frame of each camera that
 * has one, the longest-waiting camera first, up to `count`. It goes as soon as nobody else can join, the
 * batch is full, or the first frame that came has waited for `deadlineMs`. Nothing is ever queued: what the engine does
 * not come to is lost in the camera's own slot and counted there.
 *
 * Like mergeMap with a concurrency, but over slots instead of a queue. Results come as batches end, so two
 * batches may overtake each other; one camera's frames never do, for a slot holds one frame at a time.
 * The project function owns the frames it is handed and releases them.
 *
 * @param slotsNow the cameras' slots: the first list and, as cameras come and go, each one that replaces it. Nothing is
 *   taken any more from a slot that is no longer on the list; what is under way of it comes to its end.
 */
export function pullBatches<R>(
  slotsNow: Observable<readonly FreshestFrame[]>,
  options: BatchOptions,
  clock: Clock,
  project: (batch: Frame[]) => ObservableInput<R>,
): Observable<R> {
  return new Observable<R>((subscriber) => {
    let slots: readonly FreshestFrame[] = [];
    let underWay = 0;
    let alarm: Subscription | null = null;

    const consider = (): void => {
      while (underWay < options.concurrency) {
        const waiting = slots
          .filter((slot) => slot.waitingSince !== null)
          .sort((a, b) => a.waitingSince! - b.waitingSince!);
        if (waiting.length === 0) return;
        const first = Math.min(...waiting.map((slot) => slot.passedOverSince!));
        const left = first + options.deadlineMs - clock.monotonic();
        const nobodyElse = slots.every((slot) => slot.held || slot.waitingSince !== null);
        if (waiting.length < options.count && !nobodyElse && left > 0) {
          alarm ??= clock.scheduler.schedule(() => {
            alarm = null;
            consider();
          }, left);
          return;
        }
        start(waiting.slice(0, options.count).map((slot) => slot.take()!));
      }
    };

    const start = (batch: Frame[]): void => {
      underWay += 1;
      subscriber.add(
        from(project(batch)).subscribe({
          next: (result) => subscriber.next(result),
          error: (error) => subscriber.error(error),
          complete: () => {
            underWay -= 1;
            consider();
          },
        }),
      );
    };

    subscriber.add(() => alarm?.unsubscribe());
    subscriber.add(
      slotsNow
        .pipe(
          switchMap((now) => {
            slots = now;
            return merge(...now.map((slot) => slot.ready), of(undefined));
          }),
        )
        .subscribe({ next: consider, error: (error) => subscriber.error(error) }),
    );
  });
}

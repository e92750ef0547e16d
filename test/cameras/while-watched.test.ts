import { BehaviorSubject, Observable } from 'rxjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { whileWatched } from '../../server/cameras/while-watched.js';
import { fakeClock, type FakeClock } from '../fixtures/fake-clock.js';

let clock: FakeClock;
let watched: BehaviorSubject<boolean>;
let stop: AbortController;
let told: string[];
/** Ends the streams that were told to. */
let endings: (() => void)[];

beforeEach(() => {
  clock = fakeClock();
  watched = new BehaviorSubject(false);
  stop = new AbortController();
  told = [];
  endings = [];
  whileWatched({
    watched,
    open: (signal) =>
      new Observable<never>((subscriber) => {
        told.push('open');
        const end = () => {
          told.push('closing');
          endings.push(() => {
            told.push('gone');
            subscriber.complete();
          });
        };
        if (signal.aborted) end();
        else signal.addEventListener('abort', end);
      }),
    lingerMs: 5000,
    clock,
    stop: stop.signal,
  }).subscribe({ complete: () => told.push('over') });
});

const endAll = () => endings.splice(0).forEach((end) => end());

describe('a stream for the live view', () => {
  it('is opened by the first watcher and closed a while after the last', () => {
    clock.advance(60_000);
    expect(told).toEqual([]);
    watched.next(true);
    clock.advance(60_000);
    expect(told).toEqual(['open']);
    watched.next(false);
    clock.advance(4999);
    expect(told).toEqual(['open']);
    clock.advance(1);
    expect(told).toEqual(['open', 'closing']);
  });

  it('stays open for who comes back soon', () => {
    watched.next(true);
    watched.next(false);
    clock.advance(3000);
    watched.next(true);
    clock.advance(60_000);
    expect(told).toEqual(['open']);
  });

  it('is opened anew only when the one before is gone', () => {
    watched.next(true);
    watched.next(false);
    clock.advance(5000);
    watched.next(true);
    clock.advance(1000);
    expect(told).toEqual(['open', 'closing']);
    endAll();
    expect(told).toEqual(['open', 'closing', 'gone', 'open']);
    watched.next(false);
    clock.advance(5000);
    expect(told.at(-1)).toBe('closing');
  });

  it('is over only when nothing of it is left', () => {
    watched.next(true);
    stop.abort();
    expect(told).toEqual(['open', 'closing']);
    watched.next(false);
    watched.next(true);
    endAll();
    expect(told).toEqual(['open', 'closing', 'gone', 'over']);
  });

  it('that nobody watches is over at once', () => {
    stop.abort();
    expect(told).toEqual(['over']);
  });
});

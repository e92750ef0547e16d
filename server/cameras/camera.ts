import { Observable, type Subscription } from 'rxjs';
import type { Clock } from '../base/clock.js';
import type { ErrorCode } from '../base/errors.js';
import { inFrontOf, type FrameSink } from '../frames/frame.js';
import type { VideoSink } from '../frames/video.js';
import { Backoff, usualBackoff, type BackoffOptions } from './backoff.js';
import { FrameRate } from './frame-rate.js';
import { SourceFault, type Source } from './source.js';

/**
 * starting: not one picture yet. live: pictures come. stalled: the connection stands but no picture comes.
 * reconnecting: lost, tried again soon. refused: needs a person, tried again slowly. stopped: over.
 */
export type CameraState = 'starting' | 'live' | 'stalled' | 'reconnecting' | 'refused' | 'stopped';

export interface CameraStatus {
  readonly state: CameraState;
  /** Why, in the operator's words; null while all is well. */
  readonly reason: string | null;
  /** Stable code of docs/errors.md; null while all is well. */
  readonly code: ErrorCode | null;
  /** Frames a second, measured over the last seconds. */
  readonly fps: number;
}

export interface CameraOptions {
  readonly id: string;
  readonly source: Source;
  readonly sink: FrameSink;
  /** Is given the camera's own video, where its source has one. */
  readonly video?: VideoSink;
  readonly clock: Clock;
  /** Numbers in [0, 1), for the jitter. */
  readonly random: () => number;
  readonly backoff?: BackoffOptions;
  /** Told each time the source ended by itself and is to be started again. */
  readonly restarting?: (code: ErrorCode) => void;
  /** Aborting it ends the camera in good order: `stopped` is emitted once nothing of it is left. */
  readonly signal?: AbortSignal;
}

/** The measured rate is told this often, ms, where it changed. */
const RATE_MS = 1000;
/** Smaller changes of the rate are not told. */
const NOTABLE_FPS = 0.2;
/** Live for this long, ms, a camera has earned a quick retry. */
const STEADY_MS = 5000;

/**
 * Supervises one camera: runs its source, says how it is, and starts it again when it fails, with a jittered
 * backoff. Never errors: a camera that is lost is a state, not the end.
 *
 * Subscribing starts it. Unsubscribing aborts the source at once, whose process may then take a moment to go;
 * to wait for that, abort `signal` instead and await completion.
 */
export function camera(options: CameraOptions): Observable<CameraStatus> {
  const { source, sink, clock, random, signal: stop } = options;
  return new Observable<CameraStatus>((subscriber) => {
    const backoff = new Backoff(options.backoff ?? usualBackoff, random);
    const rate = new FrameRate();
    let status: CameraStatus = { state: 'starting', reason: null, code: null, fps: 0 };
    let running: AbortController | null = null;
    let pause: Subscription | null = null;
    let over = false;
    let told = false;

    const tell = (change: Partial<CameraStatus>) => {
      const before = status;
      status = { ...status, ...change };
      if (told && same(before, status)) return;
      told = true;
      subscriber.next(status);
    };

    const attempt = (): void => {
      const abort = new AbortController();
      running = abort;
      const startedAt = clock.monotonic();
      let liveSince: number | null = null;
      const watched = inFrontOf(sink, (arrivedAt) => {
        if (abort.signal.aborted) return;
        const now = clock.monotonic();
        sink.publish(arrivedAt, liveSince === null);
        rate.arrived(now);
        if (liveSince === null) {
          liveSince = now;
          tell({ state: 'live', reason: null, code: null });
        }
      });
      const ended = (thrown: unknown): void => {
        running = null;
        if (over) {
          finish();
          return;
        }
        const now = clock.monotonic();
        if (liveSince !== null && now - liveSince >= STEADY_MS) backoff.reset();
        const fault = asFault(thrown);
        rate.reset();
        options.restarting?.(fault.code);
        tell({ state: stateOf(fault), reason: fault.message, code: fault.code, fps: 0 });
        const spent = liveSince === null ? now - startedAt : 0;
        pause = clock.scheduler.schedule(attempt, backoff.next(fault.retry, spent));
      };
      // A source that throws before its first await is a fault like any other.
      Promise.resolve()
        .then(() => source.run(watched, abort.signal, options.video))
        .then(() => ended(null), ended);
    };

    const finish = (): void => {
      tell({ state: 'stopped', reason: null, code: null, fps: 0 });
      subscriber.complete();
    };
    const end = (): void => {
      if (over) return;
      over = true;
      pause?.unsubscribe();
      beat.unsubscribe();
      if (running) running.abort();
      else finish();
    };

    const beat = clock.scheduler.schedule(function () {
      const fps = rate.at(clock.monotonic());
      if (status.state === 'live' && Math.abs(fps - status.fps) >= NOTABLE_FPS) tell({ fps });
      this.schedule(undefined, RATE_MS);
    }, RATE_MS);
    stop?.addEventListener('abort', end, { once: true });
    subscriber.add(() => {
      stop?.removeEventListener('abort', end);
      over = true;
      pause?.unsubscribe();
      beat.unsubscribe();
      running?.abort();
    });

    tell({});
    if (stop?.aborted === true) end();
    else attempt();
  });
}

const same = (a: CameraStatus, b: CameraStatus) =>
  a.state === b.state && a.reason === b.reason && a.code === b.code && a.fps === b.fps;

function stateOf(fault: SourceFault): CameraState {
  if (fault.retry === 'slowly') return 'refused';
  return fault.code === 'CAMERA_STALLED' ? 'stalled' : 'reconnecting';
}

function asFault(thrown: unknown): SourceFault {
  if (thrown instanceof SourceFault) return thrown;
  const why = thrown === null ? 'The source ended.' : 'The source failed unexpectedly.';
  return new SourceFault('CAMERA_FAILED', why, 'soon', { cause: thrown });
}

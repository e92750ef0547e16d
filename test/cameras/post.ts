import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../server/base/clock.js';
import { camera, type CameraStatus } from '../../server/cameras/camera.js';
import type { BackoffOptions } from '../../server/cameras/backoff.js';
import type { Source } from '../../server/cameras/source.js';
import { FreshestFrame } from '../../server/frames/freshest.js';

export const size = { width: 320, height: 180, fps: 5 };

/** One supervised camera under test: what it said and when its frames came (monotonic ms). */
export interface Post {
  readonly told: { at: number; status: CameraStatus }[];
  readonly frames: number[];
  readonly slot: FreshestFrame;
  /** Waits for a status after `since`; throws with all that was told if it does not come. */
  until(fits: (status: CameraStatus) => boolean, withinMs: number, since?: number): Promise<number>;
  /** Waits for a frame after `since`. */
  untilFrame(withinMs: number, since?: number): Promise<number>;
  /** Frames a second between two moments. */
  rate(from: number, to: number): number;
  stop(): Promise<void>;
}

/** Starts a camera with real time. */
export function post(id: string, source: Source, backoff?: BackoffOptions): Post {
  const told: Post['told'] = [];
  const frames: number[] = [];
  const slot = new FreshestFrame(id, size, systemClock);
  const sink = {
    ...size,
    get writing() {
      return slot.writing;
    },
    publish: () => {
      frames.push(performance.now());
      slot.publish();
    },
  };
  const stop = new AbortController();
  const over = new Promise<void>((resolve, reject) => {
    camera({
      id,
      source,
      sink,
      clock: systemClock,
      random: Math.random,
      signal: stop.signal,
      ...(backoff ? { backoff } : {}),
    }).subscribe({
      next: (status) => told.push({ at: performance.now(), status }),
      error: reject,
      complete: resolve,
    });
  });
  const poll = async (find: () => number | undefined, withinMs: number): Promise<number> => {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (performance.now() > deadline) {
        const history = told.map(({ at, status }) => `${Math.round(at)} ${JSON.stringify(status)}`);
        throw new Error(
          `${id}: not within ${withinMs} ms, now ${Math.round(deadline)}\n${history.join('\n')}`,
        );
      }
      await pause(10);
    }
  };
  return {
    told,
    frames,
    slot,
    until: (fits, withinMs, since = 0) =>
      poll(() => told.find(({ at, status }) => at >= since && fits(status))?.at, withinMs),
    untilFrame: (withinMs, since = 0) => poll(() => frames.find((at) => at >= since), withinMs),
    rate: (from, to) => (frames.filter((at) => at >= from && at < to).length / (to - from)) * 1000,
    stop: async () => {
      stop.abort();
      await over;
    },
  };
}

export const canSeeProcesses = existsSync('/proc/self/stat');

/** Command lines of the processes that `parent` started and that still run, by process id. */
export function childrenOf(parent: number): Map<number, string> {
  const found = new Map<number, string>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const [state, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(ppid) !== parent || state === 'Z') continue;
      found.set(Number(name), readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' '));
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

/** Those of them that are an ffmpeg. */
export function ffmpegChildren(parent = process.pid): Map<number, string> {
  return new Map([...childrenOf(parent)].filter(([, line]) => line.includes('-hide_banner')));
}

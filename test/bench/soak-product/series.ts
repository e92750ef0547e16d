import { slopeOf, type Slope } from '../slope.js';

/** What is read of the product at one moment; null where this build or system does not tell it. */
export interface Sample {
  /** Since the product was up. */
  seconds: number;
  /** Resident memory of the server, MiB; ffmpeg's is not in it. */
  rss: number;
  /** Its share of memory where what several processes map is divided among them, MiB. */
  pss: number | null;
  /** In use of the main thread's heap, MiB, as /metrics tells it. */
  heap: number | null;
  /** Timers, sockets and the like of the main thread, as /metrics tells it. */
  handles: number | null;
  /** Open files and sockets. */
  files: number;
  threads: number;
  /** Child processes; each live camera has one ffmpeg. */
  children: number;
  /** Round trip of a WebSocket ping, 95th percentile since the last sample, ms. */
  delay: number;
  /** Events on disk, MiB. */
  journal: number;
  /** Everything else in the data folder but snapshots, MiB. */
  data: number;
  /** Pictures of visits, MiB: they stay for `journal.keepDays` and may grow meanwhile. */
  snapshots: number;
  /** Since start. */
  events: number;
  visits: number;
  reconnects: number;
}

export type Measure = Exclude<keyof Sample, 'seconds'>;

export interface Series {
  key: Measure;
  title: string;
  unit: string;
  /** Least rise over the whole run that counts as one, in `unit`; null: it may grow, and is only shown. */
  floor: number | null;
}

/** In the order in which they are reported and drawn. */
export const series: readonly Series[] = [
  { key: 'rss', title: 'Resident memory', unit: 'MiB', floor: 16 },
  // Shown only: it dips for the moment in which a child process that is being started still shares all pages.
  { key: 'pss', title: 'Proportional memory', unit: 'MiB', floor: null },
  { key: 'heap', title: 'Heap of the main thread', unit: 'MiB', floor: 8 },
  { key: 'handles', title: 'Handles', unit: '', floor: 6 },
  { key: 'files', title: 'Open files and sockets', unit: '', floor: 6 },
  { key: 'threads', title: 'Threads', unit: '', floor: 2 },
  { key: 'children', title: 'Child processes', unit: '', floor: 2 },
  { key: 'delay', title: 'Ping round trip, p95', unit: 'ms', floor: 50 },
  { key: 'journal', title: 'Journal', unit: 'MiB', floor: 0.25 },
  { key: 'data', title: 'Data folder, the rest', unit: 'MiB', floor: 1 },
  { key: 'snapshots', title: 'Snapshots', unit: 'MiB', floor: null },
  { key: 'events', title: 'Events', unit: '', floor: null },
  { key: 'visits', title: 'Visits', unit: '', floor: null },
  { key: 'reconnects', title: 'Reconnects', unit: '', floor: null },
];

export interface Judged extends Series {
  /** For each hour of wall time, after the warm-up. */
  slope: Slope;
  /** Mean after the warm-up. */
  level: number;
  /** By how much it may rise over the judged part of the run, in `unit`. */
  allowed: number | null;
  /**
   * flat: it surely rises by less than allowed, and perhaps not at all. grows: surely by more. undecided: between the
   * two; caches that still fill look like a slow leak, and only a longer run tells them apart.
   */
  verdict: 'flat' | 'grows' | 'undecided' | 'shown';
}

/** A rise by this share of its level over the judged part of the run is none. */
const SHARE = 0.05;
/** Part of the run at its start that is not judged: caches, arenas and the journal fill. */
export const WARM_UP = 0.35;

/** Says of every series that was measured whether it stays where it is. Pure. */
export function judge(samples: readonly Sample[]): Judged[] {
  const end = samples.at(-1)?.seconds ?? 0;
  const begin = end * WARM_UP;
  const judged = samples.filter(({ seconds }) => seconds >= begin);
  const hours = (end - begin) / 3600;
  return series.flatMap((one): Judged[] => {
    const points = judged.flatMap((sample): (readonly [number, number])[] => {
      const value = sample[one.key];
      return value === null ? [] : [[sample.seconds / 3600, value]];
    });
    if (points.length < 5) return [];
    const slope = slopeOf(points);
    const level = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
    const allowed = one.floor === null ? null : Math.max(one.floor, level * SHARE);
    return [{ ...one, slope, level, allowed, verdict: verdictOf(slope, hours, allowed) }];
  });
}

function verdictOf({ perUnit, bound }: Slope, hours: number, allowed: number | null): Judged['verdict'] {
  if (allowed === null) return 'shown';
  if ((perUnit + bound) * hours < allowed && perUnit <= bound) return 'flat';
  return (perUnit - bound) * hours > allowed ? 'grows' : 'undecided';
}

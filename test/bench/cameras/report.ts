import type { Machine } from '../machine.js';
import type { Slope } from '../slope.js';
import type { KindName, StreamName } from './kinds.js';
import type { Limit } from './search-limit.js';

export interface Quantiles {
  p50: number;
  p95: number;
  p99: number;
  /** Of how many. */
  count: number;
}

/** One number of cameras of one kind, measured. */
export interface Step {
  kind: KindName;
  /** Cameras of that kind. Beside quiet ones there is one busy one, the probe, which is not counted. */
  cameras: number;
  held: boolean;
  /** Why it did not hold. */
  why: string | null;
  /** Length of the measurement. */
  seconds: number;
  /** Frames a second that a camera should give, gave, and that went through recognition: means over the cameras. */
  fps: { wanted: number | null; arrived: number; recognised: number };
  /** Part of the cameras of this kind that were awake whenever they were asked; null: they never sleep. */
  awake: number | null;
  /** Part of the wanted frames that never went through recognition, 0..1: told, and no reason not to hold. */
  lost: number;
  /** Enrolled walkers whose whole face was in view from its first picture to its last within the step, and how many were named. */
  crossings: { whole: number; named: number };
  frameToEventMs: Quantiles | null;
  entranceToNameMs: Quantiles | null;
  /** Visits that began where nobody was drawn, or more than 2.5 s late. */
  unplaced: number;
  /** Processors kept busy. `others`: by whatever else this machine does. */
  cores: { node: number; ffmpeg: number; cameras: number; bench: number; others: number };
  /** Of each camera's own ffmpeg, seconds of processor for each second of stream: of this kind, and of the probe. */
  ffmpegEach: { kind: number | null; probe: number | null };
  memory: {
    /** Proportional set size at the end, MiB: the main process, and all ffmpegs. */
    nodeMiB: number;
    ffmpegMiB: number;
    /** Growth of both together during the step, MiB a minute; null with too few samples. */
    growth: Slope | null;
  };
  /** How well the cameras kept their own time: ms late at p99, pictures that were not read. */
  pace: { lateP99Ms: number; unread: number };
}

/** What decoding alone costs: `ffmpeg -i URL -f null -` of one camera, seconds of processor for each of stream. */
export interface Floor {
  stream: StreamName;
  content: 'quiet' | 'busy';
  cores: number;
  kbits: number;
  /** Processors that whatever else runs kept busy meanwhile. */
  others: number;
}

/** How a kind grows with the number of its cameras, by the steps that held without loss; null with fewer than two. */
export interface Growth {
  /** Seconds of processor for each camera more: all, the main process' part, and the ffmpegs'. */
  coresACamera: { all: number; node: number; ffmpeg: number };
  /** Proportional set size of each camera more, MiB. */
  memoryACameraMiB: number;
  /** `coresACamera.all` over the decode floor of its stream. */
  floorRatio: number | null;
}

export interface Goal {
  name: string;
  goal: string;
  measured: string;
  /** null: not measured here. */
  met: boolean | null;
}

export interface CamerasReport {
  format: 1;
  machine: Machine;
  quick: boolean;
  settings: { seconds: number; gop: number; max: number; minutes: number; fps: number };
  /** The largest number that held; null: not measured, `reasons` says why. */
  cameras: Record<KindName, number | null>;
  /** The largest number that held with at most a tenth of the wanted frames lost; null as above. */
  withoutLoss: Record<KindName, number | null>;
  limits: Partial<Record<KindName, Limit>>;
  reasons: Partial<Record<KindName, string>>;
  /** Processor time of a camera over ffmpeg's own decoding, 1080p where it was measured, else 720p. */
  decodeFloorRatio: { quiet: number | null; attention: number | null };
  /** With four busy cameras. */
  frameToEventMs: Quantiles | null;
  entranceToNameMs: Quantiles | null;
  floors: Floor[];
  growth: Partial<Record<KindName, Growth>>;
  /** What playing one camera costs beside what is measured, seconds of processor for each of stream. */
  camerasOwnCost: number | null;
  steps: Step[];
  goals: Goal[];
}

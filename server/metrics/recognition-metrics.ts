import type { Instruments } from './instruments.js';
import { one } from './instruments.js';

/** The workers as the metrics see them. */
export interface WorkersReadings {
  readonly engine: string;
  readonly count: number;
  readonly busy: number;
  readonly busySeconds: number;
  readonly replaced: number;
}

/** What is told of recognition as it happens. */
export interface RecognitionMeter {
  looked(camera: string, where: 'whole' | 'regions' | 'skipped', moved: boolean): void;
  /** Seconds of each of the stages, and of each frame. */
  worked(
    frames: readonly { camera: string }[],
    times: { stages: readonly number[]; pictures: readonly number[] },
  ): void;
  searched(ms: number): void;
  recognised(camera: string, latencyMs: number): void;
}

const STAGE_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const SEARCH_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1];
const BATCH_FRAMES = [1, 2, 4, 8, 16, 32];

/** How a frame's way takes, seconds: from well under to well over what a desk should wait. */
export const LATENCY_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5, 10];

/**
 * What recognition does, how long it takes, and for whom.
 *
 * @param stageNames in the order of the times that `worked` is told
 */
export function recognitionMetrics(
  instruments: Instruments,
  workers: WorkersReadings,
  stageNames: readonly string[],
): RecognitionMeter {
  instruments.readGauge('workers', 'Recognition workers that are there', [], () => one(workers.count));
  instruments.readGauge('workers_busy', 'Recognition workers with a batch in hand', [], () =>
    one(workers.busy),
  );
  instruments.readCounter(
    'worker_busy_seconds_total',
    'Time that batches were in the hands of workers, all workers together',
    [],
    () => one(workers.busySeconds),
  );
  instruments.readCounter(
    'worker_restarts_total',
    'Recognition workers that were lost and replaced',
    [],
    () => one(workers.replaced),
  );
  const moved = instruments.counter('frames_moved_total', 'Frames in which something moved', ['camera']);
  const skipped = instruments.counter(
    'frames_skipped_total',
    'Frames that needed no look, since nothing moved and nobody was followed',
    ['camera'],
  );
  const lookedAt = instruments.counter(
    'frames_looked_at_total',
    'Frames that are looked at for faces: whole, or in regions',
    ['camera', 'where'],
  );
  const recognised = instruments.counter(
    'frames_recognised_total',
    'Frames that a recognition worker was done with',
    ['camera'],
  );
  const spent = instruments.counter(
    'camera_recognition_seconds_total',
    "Time of workers that a camera's frames took",
    ['camera'],
  );
  const batches = instruments.histogram('batch_frames', 'Frames in a batch', BATCH_FRAMES);
  const stages = instruments.histogram(
    'recognition_stage_seconds',
    'Time of one stage of recognition for a whole batch, where the stage was needed',
    STAGE_SECONDS,
    ['stage', 'engine'],
  );
  const toFaces = instruments.histogram(
    'frame_to_faces_seconds',
    "From a frame's arrival to its faces being known, skipped frames included",
    LATENCY_SECONDS,
    ['camera'],
  );
  const search = instruments.histogram(
    'gallery_search_seconds',
    'From asking the gallery about the faces of one frame to its answer',
    SEARCH_SECONDS,
  );

  return {
    looked(camera, where, hasMoved) {
      if (hasMoved) moved.inc({ camera });
      if (where === 'skipped') skipped.inc({ camera });
      else lookedAt.inc({ camera, where });
    },
    worked(frames, times) {
      batches.observe(frames.length);
      frames.forEach(({ camera }, index) => {
        recognised.inc({ camera });
        spent.inc({ camera }, times.pictures[index]);
      });
      stageNames.forEach((stage, index) => {
        const seconds = times.stages[index];
        if (seconds > 0) stages.observe({ stage, engine: workers.engine }, seconds);
      });
    },
    searched: (ms) => search.observe(ms / 1000),
    recognised: (camera, latencyMs) => toFaces.observe({ camera }, latencyMs / 1000),
  };
}

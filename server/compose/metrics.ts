import { statfs } from 'node:fs/promises';
import type { Clock } from '../base/clock.js';
import type { Scope } from '../base/scope.js';
import { version } from '../base/version.js';
import type { Journal } from '../events/journal.js';
import type { WorkerReadings } from '../faces/recogniser.js';
import { timedStages } from '../faces/stage-times.js';
import type { Identities } from '../identities/identities.js';
import { cameraMetrics } from '../metrics/camera-metrics.js';
import { eventLoopMetrics } from '../metrics/event-loop-metrics.js';
import { eventMetrics } from '../metrics/event-metrics.js';
import { houseMetrics } from '../metrics/house-metrics.js';
import { Instruments } from '../metrics/instruments.js';
import { journalMetrics } from '../metrics/journal-metrics.js';
import { outletMetrics, type OutletReadings } from '../metrics/outlet-metrics.js';
import { processMetrics } from '../metrics/process-metrics.js';
import { recognitionMetrics } from '../metrics/recognition-metrics.js';
import type { Counters } from '../pipeline/counters.js';
import type { StagedCamera } from './camera.js';
import type { Traffic } from './traffic.js';

export interface MetricsParts {
  /** Those there are now. */
  cameras(): readonly StagedCamera[];
  recogniser: { readonly network: string; readonly workers: WorkerReadings };
  identities: Pick<Identities, 'gallery'>;
  journal: Pick<Journal, 'last' | 'bytes' | 'segments' | 'lost' | 'failing' | 'writes'>;
  outlets: OutletReadings;
  traffic: Traffic;
  /** What /health says needs a look, beside cameras. */
  problems(): readonly string[];
  /** The data folder. */
  data: string;
  clock: Clock;
}

export interface Metrics {
  /** What the pipeline tells; goes on to the desk's figures too. */
  readonly counters: Counters;
  /** Everything as Prometheus reads it. Series of cameras that are gone are gone. */
  expose(): Promise<{ text: string; contentType: string }>;
}

/** All metrics of this house; the scope stops what watches. */
export async function composeMetrics(parts: MetricsParts, scope: Scope): Promise<Metrics> {
  const { recogniser, traffic, clock, data } = parts;
  const instruments = new Instruments();
  const readings = () =>
    parts.cameras().map((camera) => {
      const { state, fps } = camera.now();
      const { arrived, dropped, waitingSince } = camera.slot;
      const losses = traffic.lossesOf(camera.id);
      return {
        id: camera.id,
        state,
        fps,
        arrived,
        overtaken: dropped,
        losses,
        waitingSince,
        restarts: camera.restarts,
        attention: camera.attention,
        undecoded: camera.undecoded,
      };
    });

  cameraMetrics(instruments, readings, () => clock.monotonic());
  const recognition = recognitionMetrics(instruments, recogniser.workers, timedStages);
  const events = eventMetrics(instruments);
  const writes = journalMetrics(instruments, parts.journal);
  outletMetrics(instruments, parts.outlets);
  houseMetrics(instruments, {
    version,
    engine: recogniser.workers.engine,
    network: recogniser.network,
    gallery: parts.identities.gallery,
    problems: () => parts.problems().length,
    disk: () => diskOf(data),
  });
  processMetrics(instruments, clock.wall() - process.uptime() * 1000);
  const stopWatching = eventLoopMetrics(instruments, clock);
  await scope.add('metrics', () => {
    writes.unsubscribe();
    stopWatching();
  });

  return {
    counters: {
      ...recognition,
      ...events,
      recognised(camera, latencyMs) {
        recognition.recognised(camera, latencyMs);
        traffic.recognised(camera, latencyMs);
      },
      lost: (...loss) => traffic.lost(...loss),
    },
    async expose() {
      const ids = new Set(parts.cameras().map(({ id }) => id));
      traffic.keep(ids);
      await instruments.keepCameras(ids);
      return instruments.expose();
    },
  };
}

/** Room for whoever runs Gatehouse, which may be less than what is free for root. */
async function diskOf(folder: string): Promise<{ free: number; size: number } | null> {
  const disk = await statfs(folder).catch(() => null);
  return disk && { free: disk.bavail * disk.bsize, size: disk.blocks * disk.bsize };
}

import { RecentValues } from '../base/recent-values.js';

/** What went through recognition, by camera. */
export interface Traffic {
  recognised(camera: string, latencyMs: number): void;
  lost(camera: string, where: string, code: string): void;
  /** Frame to faces, milliseconds, of the newest frames; null before the first. */
  latency(camera: string): { p50: number; p95: number } | null;
  /** Frames that were lost because the engine or the gallery failed, since start. */
  lostOf(camera: string): number;
  /** The same by where they were lost and the error's code. */
  lossesOf(camera: string): readonly Loss[];
  /** Forgets all cameras but these. */
  keep(cameras: ReadonlySet<string>): void;
}

export interface Loss {
  where: string;
  code: string;
  frames: number;
}

export function createTraffic(): Traffic {
  const latencies = new Map<string, RecentValues>();
  const losses = new Map<string, Loss[]>();
  return {
    recognised(camera, latencyMs) {
      const values = latencies.get(camera) ?? new RecentValues();
      latencies.set(camera, values);
      values.add(latencyMs);
    },
    lost(camera, where, code) {
      const known = losses.get(camera) ?? [];
      losses.set(camera, known);
      const loss = known.find((each) => each.where === where && each.code === code);
      if (loss) loss.frames += 1;
      else known.push({ where, code, frames: 1 });
    },
    latency(camera) {
      const found = latencies.get(camera)?.quantiles(0.5, 0.95);
      return found ? { p50: Math.round(found[0]), p95: Math.round(found[1]) } : null;
    },
    lostOf: (camera) => (losses.get(camera) ?? []).reduce((sum, { frames }) => sum + frames, 0),
    lossesOf: (camera) => losses.get(camera) ?? [],
    keep(cameras) {
      for (const known of [latencies, losses])
        for (const camera of known.keys()) if (!cameras.has(camera)) known.delete(camera);
    },
  };
}

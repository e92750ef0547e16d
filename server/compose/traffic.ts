import { RecentValues } from '../base/recent-values.js';

/** What went through recognition, by camera. */
export interface Traffic {
  recognised(camera: string, latencyMs: number): void;
  lost(camera: string): void;
  /** Frame to faces, milliseconds, of the newest frames; null before the first. */
  latency(camera: string): { p50: number; p95: number } | null;
  /** Frames that were lost because the engine failed, since start. */
  lostOf(camera: string): number;
}

export function createTraffic(): Traffic {
  const latencies = new Map<string, RecentValues>();
  const losses = new Map<string, number>();
  return {
    recognised(camera, latencyMs) {
      const values = latencies.get(camera) ?? new RecentValues();
      latencies.set(camera, values);
      values.add(latencyMs);
    },
    lost(camera) {
      losses.set(camera, (losses.get(camera) ?? 0) + 1);
    },
    latency(camera) {
      const found = latencies.get(camera)?.quantiles(0.5, 0.95);
      return found ? { p50: Math.round(found[0]), p95: Math.round(found[1]) } : null;
    },
    lostOf: (camera) => losses.get(camera) ?? 0,
  };
}

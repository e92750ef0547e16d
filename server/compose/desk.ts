import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { LogLevel } from '../base/log-levels.js';
import type { Log } from '../base/log.js';
import { version } from '../base/version.js';
import type { CameraHealth, CameraInfo, Health } from '../events/desk.js';
import type { Desk } from '../http/app.js';
import type { Identities } from '../identities/identities.js';
import type { RecentVisits } from '../outlets/recent-visits.js';
import type { Snapshots } from '../outlets/snapshots.js';
import type { StagedCamera } from './camera.js';
import { lossesOf, type LossReadings } from './losses.js';
import type { Traffic } from './traffic.js';

/** Portraits on the desk are squares of this many pixels. */
const PORTRAIT = 160;

export interface DeskParts {
  /** Those there are now. */
  cameras(): readonly StagedCamera[];
  engine: string;
  traffic: Traffic;
  identities: Identities;
  peopleFolders: readonly string[];
  visits: RecentVisits;
  snapshots: Snapshots;
  spoken(key: string): Promise<Uint8Array | null>;
  /** Sequence of the journal's newest event. */
  last(): number;
  /** What needs a look beside cameras, in the operator's words. */
  problems(): string[];
  /** Where events and pictures may be lost. */
  losses: LossReadings;
  /** Everything as Prometheus reads it. */
  metrics: Desk['metrics'];
  log: Log;
  /** Seconds since start. */
  uptime(): number;
}

/** What HTTP answers, read from the running parts. */
export function composeDesk(parts: DeskParts): Desk {
  const health = ({ config, slot, now }: StagedCamera): CameraHealth => {
    const { state, reason, fps } = now();
    return {
      id: config.id,
      name: config.name,
      state,
      reason,
      fps,
      dropped: slot.dropped + parts.traffic.lostOf(config.id),
    };
  };
  const info = (camera: StagedCamera): CameraInfo => ({
    ...health(camera),
    kind: camera.config.source.kind,
    attention: camera.attention?.state ?? null,
    threshold: camera.threshold,
    frame: camera.config.size,
    greeting: camera.config.greeting.kind,
    latency: parts.traffic.latency(camera.config.id),
  });
  const overall = (cameras: CameraHealth[], problems: string[]): Health['status'] => {
    if (cameras.some((camera) => camera.state === 'starting')) return 'starting';
    return problems.length === 0 && cameras.every((camera) => camera.state === 'live') ? 'ok' : 'degraded';
  };

  return {
    health() {
      const cameras = parts.cameras().map(health);
      const problems = parts.problems();
      return {
        status: overall(cameras, problems),
        engine: parts.engine,
        cameras,
        problems,
        losses: lossesOf(parts.losses, parts.cameras(), parts.traffic),
        version,
        uptime: parts.uptime(),
      };
    },
    cameras: () => parts.cameras().map(info),
    clip: (id) => {
      const greeting = parts.cameras().find(({ config }) => config.id === id)?.config.greeting;
      return greeting?.kind === 'clip' ? greeting.clip : null;
    },
    people: () => parts.identities.people(),
    problems: () => parts.identities.problems(),
    async portrait(id) {
      const photo = parts.identities.people().find((person) => person.id === id)?.photos[0]?.photo;
      if (photo === undefined) return null;
      for (const folder of parts.peopleFolders) {
        const bytes = await readFile(join(folder, photo)).catch(() => null);
        if (bytes)
          return sharp(bytes)
            .rotate()
            .resize(PORTRAIT, PORTRAIT, { position: 'attention' })
            .jpeg()
            .toBuffer();
      }
      return null;
    },
    visits: (limit) => ({ seq: parts.last(), events: parts.visits.latest(limit) }),
    snapshot: (visit) => parts.snapshots.read(visit),
    spoken: (key) => parts.spoken(key),
    metrics: () => parts.metrics(),
    get logLevel() {
      return parts.log.level as LogLevel;
    },
    setLogLevel(level) {
      const from = parts.log.level;
      // Said while either level lets it through.
      if (from !== 'silent') parts.log.warn({ from, to: level }, 'the log level changes');
      parts.log.level = level;
    },
  };
}

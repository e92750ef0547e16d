import { splitLogin } from '../cameras/credentials.js';
import type { Config } from './schema/config.js';
import type { HardwareWish } from '../cameras/hardware/accelerator.js';
import type { CameraProfile } from '../faces/detection-profile.js';
import type { LivenessPolicy } from '../faces/liveness-policy.js';
import type { WatchedAreas } from '../frames/watched-areas.js';

export type SourceConfig = Config['cameras'][number]['source'];

/** How a camera greets, with every default filled in. */
export type GreetingConfig =
  | { kind: 'off' }
  | {
      kind: 'speech' | 'clip';
      phrase: string;
      clip: string | null;
      language: string;
      voice: string | null;
      volume: number;
      cooldownSeconds: number;
      gatherSeconds: number;
      quietHours: { from: string; to: string } | null;
    };

/** One camera with the defaults merged in: what the rest of the program is handed. */
export interface CameraConfig {
  id: string;
  name: string;
  source: SourceConfig;
  fps: number;
  size: { width: number; height: number };
  /** null: the network's own. */
  threshold: number | null;
  detection: CameraProfile;
  liveness: LivenessPolicy;
  hardware: HardwareWish;
  greeting: GreetingConfig;
  areas: WatchedAreas;
  attention: { mode: 'auto' | 'off'; quietSeconds: number };
}

/** The cameras that are switched on, each complete. */
export function cameraConfigs(config: Config): CameraConfig[] {
  return config.cameras
    .filter((camera) => camera.enabled)
    .map((camera) => ({
      id: camera.id,
      name: camera.name ?? camera.id,
      source: camera.source,
      fps: camera.fps ?? config.defaults.fps,
      size: camera.size ?? config.defaults.size,
      threshold: camera.threshold ?? config.defaults.threshold ?? null,
      detection: camera.detection ?? config.defaults.detection,
      liveness: camera.liveness ?? config.defaults.liveness,
      hardware: camera.hardware ?? config.defaults.hardware,
      greeting: greetingConfig(config, camera.greeting),
      attention: {
        mode: camera.attention?.mode ?? config.defaults.attention.mode ?? 'auto',
        quietSeconds: camera.attention?.quietSeconds ?? config.defaults.attention.quietSeconds ?? 4,
      },
      areas: { masks: camera.masks, zones: camera.zones, ignoreFaces: camera.ignoreFaces },
    }));
}

/** Every password in the configuration, for the log to leave out. */
export function cameraPasswords(config: Config): string[] {
  return config.cameras.flatMap(({ source }) => {
    if (!('url' in source)) return [];
    const live = source.kind === 'rtsp' && source.liveUrl !== undefined ? source.liveUrl : source.url;
    return [...splitLogin(source).secrets, ...splitLogin({ ...source, url: live }).secrets];
  });
}

function greetingConfig(config: Config, own: Config['cameras'][number]['greeting']): GreetingConfig {
  const common = config.defaults.greeting;
  if (own === false || (own === undefined && common === false)) return { kind: 'off' };
  const merged = { ...(common === false ? {} : common), ...own };
  // A camera's own phrase beats a clip that stands in the defaults.
  const clip = own?.phrase !== undefined && own.clip === undefined ? undefined : merged.clip;
  return {
    kind: clip === undefined ? 'speech' : 'clip',
    phrase: merged.phrase ?? 'Welcome {names}, have a nice day!',
    clip: clip ?? null,
    language: merged.language ?? 'en',
    voice: merged.voice ?? null,
    volume: merged.volume ?? 1,
    cooldownSeconds: merged.cooldownSeconds ?? 600,
    gatherSeconds: merged.gatherSeconds ?? 1.2,
    quietHours: merged.quietHours === false ? null : (merged.quietHours ?? null),
  };
}

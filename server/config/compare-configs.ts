import { isDeepStrictEqual } from 'node:util';
import { cameraConfigs, type CameraConfig, type Config } from '../config.js';

/** What of a camera takes effect at once, and for what its stream has to be opened anew. Every key has to say. */
const takesEffect: Record<Exclude<keyof CameraConfig, 'id'>, 'at once' | 'by restart'> = {
  name: 'at once',
  source: 'by restart',
  fps: 'by restart',
  size: 'by restart',
  threshold: 'at once',
  detection: 'at once',
  liveness: 'at once',
  hardware: 'by restart',
  greeting: 'at once',
  attention: 'by restart',
  areas: 'by restart',
};

/** What turns one list of cameras into another. A camera is in one of the lists at most. */
export interface CameraChange {
  added: CameraConfig[];
  /** Ids. Switched off counts as removed. */
  removed: string[];
  /** The stream has to be opened anew. */
  restarted: CameraConfig[];
  /** All that changed takes effect while it runs. */
  changed: CameraConfig[];
}

export function compareCameras(
  before: readonly CameraConfig[],
  after: readonly CameraConfig[],
): CameraChange {
  const earlier = new Map(before.map((camera) => [camera.id, camera]));
  const change: CameraChange = {
    added: [],
    removed: before.filter(({ id }) => !after.some((camera) => camera.id === id)).map(({ id }) => id),
    restarted: [],
    changed: [],
  };
  for (const camera of after) {
    const old = earlier.get(camera.id);
    if (!old) change.added.push(camera);
    else {
      const keys = changedKeys(old, camera);
      if (keys.some((key) => takesEffect[key] === 'by restart')) change.restarted.push(camera);
      else if (keys.length > 0) change.changed.push(camera);
    }
  }
  return change;
}

function changedKeys(before: CameraConfig, after: CameraConfig): (keyof typeof takesEffect)[] {
  return (Object.keys(takesEffect) as (keyof typeof takesEffect)[]).filter(
    (key) => !isDeepStrictEqual(before[key], after[key]),
  );
}

/** These take effect through the cameras, or are for editors. */
const LIVE: readonly string[] = ['$schema', 'cameras', 'defaults'];

/**
 * Paths of the keys that differ and take effect only when the server starts again, for example `server.port`.
 *
 * @param running what the server was started with
 */
export function needsRestart(running: Config, wanted: Config): string[] {
  const rest = (config: Config) =>
    Object.fromEntries(Object.entries(config).filter(([key]) => !LIVE.includes(key)));
  const paths = differences(rest(running), rest(wanted), '');
  // Drawn people are enrolled at the start; without them a drawn scene is full of strangers.
  if (hasDrawn(wanted) && !hasDrawn(running)) paths.push('cameras (the people of the first drawn scene)');
  return paths;
}

function hasDrawn(config: Config): boolean {
  return cameraConfigs(config).some(({ source }) => source.kind === 'demo');
}

function differences(one: unknown, other: unknown, path: string): string[] {
  if (isDeepStrictEqual(one, other)) return [];
  if (!isObject(one) || !isObject(other)) return [path];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].flatMap((key) => differences(one[key], other[key], path === '' ? key : `${path}.${key}`));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

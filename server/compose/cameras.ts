import { lastValueFrom } from 'rxjs';
import type { Clock } from '../base/clock.js';
import type { CameraConfig } from '../config.js';
import type { CameraChange } from '../config/compare-configs.js';
import type { VideoView } from '../outlets/video.js';
import { CameraRoster } from '../pipeline/camera-roster.js';
import { composeCamera, type StagedCamera } from './camera.js';
import type { ComposedHardware } from './hardware.js';
import { composeLiveStream, liveUrlOf } from './live-stream.js';
import { composeSource, type SourceTools } from './source.js';

/** The cameras of the house, as they are configured now. */
export interface ComposedCameras {
  /** For the pipeline, whose subscription starts each. */
  readonly roster: CameraRoster<StagedCamera>;
  /** For the desk, in the order of the configuration; also one that is being restarted. */
  all(): StagedCamera[];
  get(id: string): StagedCamera | undefined;
  /**
   * Turns the cameras into `configs` and resolves when that is done; cameras that the change does not name notice nothing.
   * One call at a time.
   */
  apply(change: CameraChange, configs: readonly CameraConfig[]): Promise<void>;
  /** Ends them all; the pipeline completes when the last is over. Resolves when their streams for the live view are too. */
  stop(): Promise<void>;
}

/** @param gone told of each camera that is there no more */
export function composeCameras(parts: {
  configs: readonly CameraConfig[];
  /** Of every camera that has none of its own. */
  threshold: number;
  tools: Omit<SourceTools, 'signal'> & { hardware: ComposedHardware };
  video: VideoView;
  clock: Clock;
  gone(id: string): void;
}): ComposedCameras {
  const { threshold, tools, clock, video } = parts;
  const roster = new CameraRoster<StagedCamera>();
  /** In the order of the configuration. */
  let shown = new Map<string, StagedCamera>();
  const stops = new Map<string, AbortController>();
  /** Streams for the live view alone, each until it is over. */
  const liveStreams = new Map<string, Promise<unknown>>();
  let stopped = false;

  const add = (config: CameraConfig): void => {
    const stop = new AbortController();
    const ownTools = { ...tools, signal: stop.signal };
    const source = composeSource(config, ownTools);
    // With a stream of its own the live view takes nothing from the one that is recognised.
    const sink = liveUrlOf(config) === null ? video.sink(config.id) : null;
    const camera = composeCamera(config, source, threshold, clock, stop.signal, tools.log, sink);
    liveStreams.set(
      config.id,
      lastValueFrom(composeLiveStream(config, video, ownTools), { defaultValue: null }),
    );
    stops.set(config.id, stop);
    shown.set(config.id, camera);
    roster.add(camera);
  };
  /** Its visits end first, then its stream, so that the visits are the last that is heard of it but for its state. */
  const end = async (id: string): Promise<void> => {
    const camera = roster.get(id);
    roster.remove(id);
    stops.get(id)?.abort();
    stops.delete(id);
    await Promise.all([camera?.over, liveStreams.get(id)]);
    liveStreams.delete(id);
  };

  for (const config of parts.configs) add(config);
  return {
    roster,
    all: () => [...shown.values()],
    get: (id) => shown.get(id),
    async apply({ added, removed, restarted, changed }, configs) {
      for (const config of changed) shown.get(config.id)?.configure(config);
      for (const id of removed) {
        shown.delete(id);
        tools.hardware.drop(id);
        parts.gone(id);
      }
      // All of them first: a camera that comes may want the device or the login of one that goes.
      await Promise.all([...removed, ...restarted.map(({ id }) => id)].map(end));
      await tools.hardware.prepare(configs);
      if (stopped) return;
      for (const config of [...restarted, ...added]) add(config);
      shown = new Map(configs.map(({ id }) => [id, shown.get(id)!]));
    },
    async stop() {
      stopped = true;
      for (const stop of stops.values()) stop.abort();
      await Promise.all(liveStreams.values());
    },
  };
}

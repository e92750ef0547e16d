import { Subject, type Observable } from 'rxjs';
import type { Clock } from '../base/clock.js';
import { asGatehouseError, type GatehouseError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { cameraConfigs, type Config } from '../config.js';
import { compareCameras, needsRestart } from '../config/compare-configs.js';
import type { ConfigReading } from '../config/watch-config.js';
import type { ConfigEvent, Draft } from '../events/event.js';
import type { ComposedCameras } from './cameras.js';

export interface FollowedConfig {
  readonly events: Observable<Draft<ConfigEvent>>;
  /** What is wrong with the file, or takes effect only after a restart, in the operator's words. */
  problems(): string[];
  /** Begins to follow. */
  start(): void;
  /** Resolves when nothing is being applied any more. */
  stop(): Promise<void>;
}

/**
 * Takes over each configuration that is read, one after another and always the newest. One that is wrong changes nothing
 * and is a problem until the file is right again.
 */
export function followConfig(parts: {
  /** What everything was started with, as the file says it. */
  config: Config;
  readings: Observable<ConfigReading>;
  cameras: Pick<ComposedCameras, 'apply'>;
  /** Told of every configuration before it is applied. */
  taken(config: Config): void;
  clock: Clock;
  log: Log;
}): FollowedConfig {
  const { readings, cameras, clock, log } = parts;
  const events = new Subject<Draft<ConfigEvent>>();
  let inForce = cameraConfigs(parts.config);
  let refused: GatehouseError | null = null;
  let waiting: string[] = [];
  let next: ConfigReading | null = null;
  let busy = false;
  let working = Promise.resolve();
  let stopped = false;

  const at = () => new Date(clock.wall()).toISOString();

  const refuse = (error: GatehouseError): void => {
    if (refused?.message === error.message) return;
    refused = error;
    const { code, message } = error;
    log.error({ code, reason: message }, `the changed configuration is not used: ${error.advice}`);
    events.next({ type: 'config.refused', at: at(), camera: null, code, reason: message });
  };

  const apply = async (config: Config): Promise<void> => {
    const configs = cameraConfigs(config);
    const change = compareCameras(inForce, configs);
    const { added, removed, restarted, changed } = change;
    const restart = needsRestart(parts.config, config);
    const isNews =
      refused !== null ||
      added.length + removed.length + restarted.length + changed.length > 0 ||
      restart.join() !== waiting.join();
    parts.taken(config);
    await cameras.apply(change, configs);
    inForce = configs;
    refused = null;
    waiting = restart;
    if (!isNews || stopped) return;
    const ids = {
      added: added.map(({ id }) => id),
      removed,
      restarted: restarted.map(({ id }) => id),
      changed: changed.map(({ id }) => id),
    };
    log.info(ids, 'the changed configuration is in force');
    if (waiting.length > 0)
      log.warn({ code: 'CONFIG_NEEDS_RESTART', keys: waiting }, 'part of the configuration needs a restart');
    events.next({ type: 'config.applied', at: at(), camera: null, ...ids, needsRestart: waiting });
  };

  const work = async (): Promise<void> => {
    busy = true;
    for (let reading = take(); reading; reading = take()) {
      if (reading.error) refuse(reading.error);
      else
        try {
          await apply(reading.config);
        } catch (thrown) {
          log.error({ err: thrown }, 'a changed configuration could not be applied');
          refuse(asGatehouseError(thrown));
        }
    }
    busy = false;
  };
  const take = (): ConfigReading | null => {
    const reading = stopped ? null : next;
    next = null;
    return reading;
  };

  let following: { unsubscribe(): void } | null = null;
  return {
    events,
    problems: () => [
      ...(refused ? [`${refused.code}: ${refused.advice} The configuration before stays in force.`] : []),
      ...(waiting.length > 0
        ? [
            `CONFIG_NEEDS_RESTART: changed in the configuration, but in force only after a restart: ${waiting.join(', ')}`,
          ]
        : []),
    ],
    start() {
      following = readings.subscribe((reading) => {
        next = reading;
        if (!busy) working = work();
      });
    },
    async stop() {
      stopped = true;
      following?.unsubscribe();
      await working;
    },
  };
}

import { fromEvent, NEVER, tap } from 'rxjs';
import { aborted } from '../base/aborted.js';
import { systemClock } from '../base/clock.js';
import { GatehouseError } from '../base/errors.js';
import { createLog } from '../base/log.js';
import { hangUpStops, StopRequest } from '../base/stop-signal.js';
import { compose } from '../compose.js';
import { cameraPasswords, type Config } from '../config.js';
import { readConfig } from '../config/read-config.js';
import { watchConfig } from '../config/watch-config.js';
import type { CommonOptions } from './options.js';

/**
 * `gatehouse start`: runs until `stop` is aborted. The configuration is followed meanwhile; SIGHUP has it read
 * at once, unless the server runs in a terminal.
 *
 * @param stop see stopOnSignal
 */
export async function start(
  options: CommonOptions & { port?: string; host?: string },
  stop: AbortSignal,
): Promise<number> {
  if (stop.aborted) return 0;
  const token = process.env['GATEHOUSE_TOKEN'] || null;
  // Passwords that are no longer configured stay secret: a camera that goes may still be talking.
  const secrets = new Set(token === null ? [] : [token]);
  const keepSecret = (config: Config): void => cameraPasswords(config).forEach((each) => secrets.add(each));
  const log = createLog({
    level: options.logLevel,
    readable: process.stdout.isTTY,
    secrets: () => [...secrets],
  });
  stop.addEventListener('abort', () => {
    log.info({ signal: stop.reason instanceof StopRequest ? stop.reason.signal : null }, 'stopping');
  });

  const config = await readConfig(options.config, process.env);
  keepSecret(config);
  const house = compose({
    config: {
      ...config,
      server: {
        host: options.host ?? config.server.host,
        port: readPort(options.port) ?? config.server.port,
      },
    },
    fileConfig: config,
    configReadings: watchConfig(options.config, {
      environment: process.env,
      scheduler: systemClock.scheduler,
      again: hangUpStops() ? NEVER : fromEvent(process, 'SIGHUP'),
      onError: (err) =>
        log.warn({ err }, 'the configuration cannot be watched; it is read every few seconds'),
    }).pipe(tap((reading) => reading.config && keepSecret(reading.config))),
    data: options.data,
    token,
    clock: systemClock,
    log,
  });
  try {
    const { url } = await house.start(stop);
    log.info(`the desk is at ${url}`);
    await aborted(stop);
  } catch (error) {
    // Stopped while starting: that is what was asked for.
    if (!isAborted(stop)) throw error;
  } finally {
    await house.close();
  }
  log.info('stopped');
  return 0;
}

/** Asked anew: the compiler takes what was asked at the beginning for lasting. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function readPort(text: string | undefined): number | null {
  if (text === undefined) return null;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new GatehouseError('USAGE', `--port ${text} is no port`, 'Give a number from 0 to 65535.');
}

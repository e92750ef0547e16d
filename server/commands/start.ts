import { systemClock } from '../base/clock.js';
import { GatehouseError } from '../base/errors.js';
import { createLog } from '../base/log.js';
import { compose } from '../compose.js';
import { cameraPasswords } from '../config.js';
import { readConfig } from '../config/read-config.js';
import type { CommonOptions } from './options.js';

/** Longest that a stop may take before the process ends regardless, ms. */
const STOP_MS = 5_000;

/** `gatehouse start`: runs until SIGINT or SIGTERM. A second signal ends it at once. */
export async function start(options: CommonOptions & { port?: string; host?: string }): Promise<number> {
  const token = process.env['GATEHOUSE_TOKEN'] || null;
  let secrets = token === null ? [] : [token];
  const log = createLog({ level: options.logLevel, readable: process.stdout.isTTY, secrets: () => secrets });
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) endAtOnce();
    log.info({ signal }, 'stopping');
    stop.abort();
    setTimeout(endAtOnce, STOP_MS).unref();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);

  const config = await readConfig(options.config, process.env);
  secrets = [...secrets, ...cameraPasswords(config)];
  const house = compose({
    config: {
      ...config,
      server: {
        host: options.host ?? config.server.host,
        port: readPort(options.port) ?? config.server.port,
      },
    },
    data: options.data,
    token,
    clock: systemClock,
    log,
  });
  try {
    const { url } = await house.start(stop.signal);
    log.info(`the desk is at ${url}`);
    await aborted(stop.signal);
  } catch (error) {
    // Stopped while starting: that is what was asked for.
    if (!stop.signal.aborted) throw error;
  } finally {
    await house.close();
  }
  log.info('stopped');
  return 0;
}

/** Not by exiting: that waits for threads that hang in native code, and is aborted by those that come back from it. */
function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}

function readPort(text: string | undefined): number | null {
  if (text === undefined) return null;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new GatehouseError('USAGE', `--port ${text} is no port`, 'Give a number from 0 to 65535.');
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

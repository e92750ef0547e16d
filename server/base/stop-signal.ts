/** Longest that a stop may take before the process ends regardless, ms. */
const STOP_MS = 5_000;

/** Why a stop was asked for. */
export class StopRequest extends Error {
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`stopped by ${signal}`);
    this.signal = signal;
  }
}

/**
 * Catches SIGINT and SIGTERM from now on: the first aborts what is returned, with a StopRequest; a second ends the process
 * at once, and so does a stop that takes too long. SIGHUP is caught too: from a terminal it means that the terminal was
 * closed, and is a stop; elsewhere it is for whoever reads something anew.
 */
export function stopOnSignal(): AbortSignal {
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) process.exit(1);
    setTimeout(() => process.exit(1), STOP_MS).unref();
    stop.abort(new StopRequest(signal));
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  process.on('SIGHUP', hangUpStops() ? onSignal : () => undefined);
  return stop.signal;
}

/** Whether SIGHUP is a stop here. */
export function hangUpStops(): boolean {
  return process.stdout.isTTY;
}

import type { LogLevel } from '../base/log-levels.js';

/** What every command is handed by the command line. */
export interface CommonOptions {
  /** Path of the configuration. */
  config: string;
  /** Folder of people, events and snapshots. */
  data: string;
  logLevel: LogLevel;
}

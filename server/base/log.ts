import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import { redactText } from './redact.js';

export type Log = Logger;
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * The structured log: one JSON object a line, or readable lines where a person watches a terminal.
 * Whatever is logged passes through redaction first: no camera password reaches any line.
 */
export function createLog(options: { level: LogLevel; readable: boolean; name?: string }): Log {
  const stream = options.readable
    ? pretty({ colorize: true, translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname', sync: true })
    : process.stdout;
  return pino(
    {
      level: options.level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: ['token', 'password', '*.token', '*.password', 'headers.authorization', 'headers.cookie'], censor: '[redacted]' },
      hooks: {
        streamWrite: (line) => redactText(line),
      },
    },
    stream,
  );
}

/** A log that says nothing, for tests and for commands whose output is their result. */
export const silentLog: Log = pino({ level: 'silent' });

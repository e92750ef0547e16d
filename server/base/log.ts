import { pino, stdSerializers, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { LogLevel } from './log-levels.js';
import { redactText, redactValue } from './redact.js';

export type Log = Logger;

export interface LogOptions {
  level: LogLevel;
  /** Lines for a person at a terminal instead of JSON. */
  readable: boolean;
  /** Words that never reach a line, such as the cameras' passwords; asked for at each line, since they change. */
  secrets?: () => readonly string[];
  /** Left out: standard output. */
  destination?: NodeJS.WritableStream;
}

/**
 * The structured log: one JSON object a line, or readable lines where a person watches a terminal.
 * Every text of every line passes through redaction first, whatever field, error or cause it stands in: no
 * camera password reaches any line.
 */
export function createLog({ level, readable, secrets = () => [], destination }: LogOptions): Log {
  const stream = readable
    ? pretty({
        colorize: destination === undefined,
        translateTime: 'SYS:HH:MM:ss.l',
        ignore: 'pid,hostname',
        sync: true,
        // By its number it is written at once, also in the last moments of the process.
        destination: destination ?? process.stdout.fd,
      })
    : (destination ?? process.stdout);
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      // Under any of its usual names, an error is more than the "{}" that JSON makes of it.
      serializers: { err: stdSerializers.err, error: stdSerializers.err, cause: stdSerializers.err },
      hooks: { streamWrite: (line) => redactLine(line, secrets()) },
    },
    stream,
  );
}

/** Text by text, since in JSON a quote in a password is escaped and would hide it. */
function redactLine(line: string, secrets: readonly string[]): string {
  try {
    return `${JSON.stringify(redactValue(JSON.parse(line), secrets))}\n`;
  } catch {
    return redactText(line, secrets);
  }
}

/** A log that says nothing, for tests and for commands whose output is their result. */
export const silentLog: Log = pino({ level: 'silent' });

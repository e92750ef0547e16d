import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, uptime } from 'node:os';

/** What tells a process from every other one, also from a later one with the same number. */
export interface ProcessMark {
  pid: number;
  host: string;
  /** Changes with each start of the machine; null where the system does not say. */
  boot: string | null;
  /** The space in which `pid` counts (a container has its own); null where there is only one. */
  pidSpace: string | null;
  /** When the process started, in whatever unit the system gives; null where it does not. */
  started: string | null;
  /** When the mark was made, milliseconds since the epoch. */
  at: number;
}

export function ownProcess(): ProcessMark {
  return {
    pid: process.pid,
    host: hostname(),
    boot: tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidSpace: tryRead(() => readlinkSync('/proc/self/ns/pid')),
    started: startOf(process.pid),
    at: Date.now(),
  };
}

/**
 * alive: it runs. gone: it does not, or its number is another's now. elsewhere: it is of another machine or
 * container, and cannot be looked up from here.
 */
export function describeProcess(mark: ProcessMark): 'alive' | 'gone' | 'elsewhere' {
  const own = ownProcess();
  if (mark.host !== own.host) return 'elsewhere';
  if (mark.boot !== own.boot) return 'gone';
  if (mark.pidSpace !== own.pidSpace) return 'elsewhere';
  // Without a boot number: a mark from before the machine's start; a minute for clocks that were set since.
  if (own.boot === null && mark.at < Date.now() - uptime() * 1000 - 60_000) return 'gone';
  if (!exists(mark.pid)) return 'gone';
  const started = startOf(mark.pid);
  return started === null || mark.started === null || started === mark.started ? 'alive' : 'gone';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function startOf(pid: number): string | null {
  switch (process.platform) {
    case 'linux':
      // proc(5): the 22nd field, counted after the name, which stands in brackets and may hold anything.
      return tryRead(() => {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        // A zombie runs no more; it only waits to be counted.
        return fields[0] === 'Z' ? 'zombie' : (fields[19] ?? null);
      });
    case 'win32':
      return null;
    default:
      return tryRead(() =>
        execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim(),
      );
  }
}

function tryRead(read: () => string | null): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}

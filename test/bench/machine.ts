import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { version } from '../../server/base/version.js';

export interface Machine {
  processor: string;
  processors: number;
  memoryGiB: number;
  platform: string;
  node: string;
  gatehouse: string;
  /** Processes that wanted a processor in the last minute, when the run began: far above 0, times are too long. */
  load: number;
  date: string;
}

/** What it is measured on. */
export function machine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    processors: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
    gatehouse: version,
    load: Math.round(loadavg()[0] * 10) / 10,
    date: new Date().toISOString(),
  };
}

/** The same in a line. */
export function machineLine(of: Machine = machine()): string {
  return `${of.processor}, ${of.processors} processors, ${of.memoryGiB} GiB, ${of.platform}, Node ${of.node}, Gatehouse ${of.gatehouse}, load ${of.load} at the start, ${of.date.slice(0, 10)}`;
}

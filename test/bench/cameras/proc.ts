import { readFile } from 'node:fs/promises';

// What Linux tells of processes below /proc. Times are in ticks of a hundredth of a second (USER_HZ is 100 on every
// architecture that Node runs on).

const TICKS_A_SECOND = 100;
const KIB_A_MIB = 1024;

/** Processor time of a process, seconds. */
export interface ProcessTime {
  /** Its own, all threads. */
  own: number;
  /** Of its children that have ended and were waited for, with theirs. */
  ended: number;
}

/** Reads `/proc/PID/stat`: the name in brackets may hold spaces and brackets, so fields are counted from its end. */
export function parseStat(text: string): ProcessTime {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = (field: number) => Number(fields[field - 3]);
  return {
    own: (ticks(14) + ticks(15)) / TICKS_A_SECOND,
    ended: (ticks(16) + ticks(17)) / TICKS_A_SECOND,
  };
}

/** Reads the proportional set size of `/proc/PID/smaps_rollup`, MiB: what is shared counts by its share. */
export function parsePss(text: string): number {
  const kib = /^Pss: +(\d+) kB$/m.exec(text)?.[1];
  if (kib === undefined) throw new Error('no Pss in smaps_rollup');
  return Number(kib) / KIB_A_MIB;
}

/** Reads the first line of `/proc/stat`: seconds of all processors together, since the machine started. */
export function parseMachineTime(text: string): { busy: number; all: number } {
  // user nice system idle iowait irq softirq steal; guests are counted in user already.
  const ticks = /^cpu +(.*)$/m.exec(text)![1].split(' ').slice(0, 8).map(Number);
  const all = ticks.reduce((sum, value) => sum + value, 0);
  return { busy: (all - ticks[3] - ticks[4]) / TICKS_A_SECOND, all: all / TICKS_A_SECOND };
}

/** null: the process is gone. */
export async function processTime(pid: number): Promise<ProcessTime | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return text === null ? null : parseStat(text);
}

/** MiB; null: the process is gone. */
export async function processMemory(pid: number): Promise<number | null> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => null);
  // One that is just ending has no memory any more.
  return text === null || !text.includes('Pss:') ? null : parsePss(text);
}

export async function machineTime(): Promise<{ busy: number; all: number }> {
  return parseMachineTime(await readFile('/proc/stat', 'utf8'));
}

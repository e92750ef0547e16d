import { childrenOf } from '../../fixtures/product.js';
import { processMemory, processTime } from './proc.js';

/** What the product's processes have used so far. */
export interface ProductTime {
  /** Seconds of the main process, its workers included. */
  node: number;
  /** Seconds of all ffmpegs, those that have ended included. */
  ffmpeg: number;
  /** Seconds of the ffmpegs that run, by process id, with their command lines. */
  running: ReadonlyMap<number, { command: string; seconds: number }>;
}

export interface ProductMemory {
  /** Proportional set size, MiB. */
  node: number;
  /** Of all ffmpegs together, MiB. */
  ffmpeg: number;
}

export async function readTime(pid: number): Promise<ProductTime> {
  const running = new Map<number, { command: string; seconds: number }>();
  for (const child of await childrenOf(pid)) {
    const time = await processTime(child.pid);
    if (time) running.set(child.pid, { command: child.command, seconds: time.own + time.ended });
  }
  const main = await processTime(pid);
  if (!main) throw new Error('the product is gone');
  const seconds = [...running.values()].reduce((sum, one) => sum + one.seconds, 0);
  return { node: main.own, ffmpeg: main.ended + seconds, running };
}

export async function readMemory(pid: number): Promise<ProductMemory> {
  const children = await childrenOf(pid);
  const [node, ...ffmpegs] = await Promise.all([pid, ...children.map((one) => one.pid)].map(processMemory));
  if (node === null) throw new Error('the product is gone');
  return { node, ffmpeg: ffmpegs.reduce((sum: number, mib) => sum + (mib ?? 0), 0) };
}

/** Seconds that the ffmpegs of one kind of camera used between two readings, each; null where none ran throughout. */
export function secondsEach(
  before: ProductTime,
  after: ProductTime,
  isOne: (command: string) => boolean,
): number | null {
  const used = [...after.running].flatMap(([pid, { command, seconds }]) => {
    const earlier = before.running.get(pid);
    return earlier && isOne(command) ? [seconds - earlier.seconds] : [];
  });
  return used.length === 0 ? null : used.reduce((sum, seconds) => sum + seconds, 0) / used.length;
}

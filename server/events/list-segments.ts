import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Segment } from './journal-files.js';

/** The journal's files as they lie in a folder, oldest first. */
export async function listSegments(folder: string): Promise<Segment[]> {
  const names = (await readdir(folder)).filter((name) => /^events-\d{16}\.jsonl$/u.test(name)).sort();
  const segments: Segment[] = [];
  // One that was written on a clock set back is no older than the one before it.
  let wall = -Infinity;
  for (const name of names) {
    const path = join(folder, name);
    const { size, mtimeMs } = await stat(path);
    wall = Math.max(wall, mtimeMs);
    const stamp = { wall };
    segments.push({ path, firstSeq: Number(name.slice(7, 23)), bytes: size, started: stamp, newest: stamp });
  }
  return segments;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What is used of a row that the gallery's own measurement (test/bench/gallery.ts) prints; the report keeps all of it. */
export interface GalleryRow {
  /** People. */
  size: number;
  /** `loop` and `matrix` are exact, `inverted file` is the approximate index. */
  index: string;
  /** Median of a batch of eight probes. */
  ms: number;
  /** Share of probes whose nearest person was found. */
  recall1: number;
  buildSeconds: number;
}

/** Longest that the measurement may take. */
const PATIENCE_MS = 20 * 60_000;

/**
 * Searching galleries of these sizes, measured in a process of its own by the gallery's own measurement. null where that is
 * not there.
 *
 * @param approximateUpTo largest gallery that an approximate index is built for
 */
export async function measureSearch(
  sizes: readonly number[],
  approximateUpTo: number,
  progress: (line: string) => void,
): Promise<GalleryRow[] | null> {
  const script = fileURLToPath(new URL('./gallery.ts', import.meta.url));
  if (!existsSync(script)) return null;
  const words = [...sizes.map(String), '--approximate-up-to', String(approximateUpTo), '--json'];
  const child = spawn(process.execPath, [...process.execArgv, script, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  let printed = '';
  child.stdout.on('data', (bytes: Buffer) => (printed += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) =>
    progress(`gallery: ${bytes.toString().trim().split('\n').at(-1)}`),
  );
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the gallery could not be measured (exit ${code})`);
  return JSON.parse(printed) as GalleryRow[];
}

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { childrenOf, type Product } from '../../fixtures/product.js';
import type { Sample } from './series.js';

const MiB = 2 ** 20;

/** What the system and the product's own metrics say of it now. Linux. */
export async function takeSample(
  product: Product,
  data: string,
): Promise<Omit<Sample, 'seconds' | 'delay' | 'events' | 'visits' | 'reconnects'>> {
  const pid = product.child.pid!;
  const [status, rollup, files, children, metrics, parts] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    // Kernels may be built without, and containers may forbid it.
    readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => ''),
    readdir(`/proc/${pid}/fd`),
    childrenOf(pid),
    readMetrics(product),
    sizes(data),
  ]);
  const kiB = (text: string, name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]);
  const pss = kiB(rollup, 'Pss');
  const heap = metrics.get('gatehouse_process_heap_used_bytes');
  return {
    rss: kiB(status, 'VmRSS') / 1024,
    pss: Number.isNaN(pss) ? null : pss / 1024,
    heap: heap === undefined ? null : heap / MiB,
    handles: metrics.get('gatehouse_process_open_handles') ?? null,
    files: files.length,
    threads: kiB(status, 'Threads'),
    children: children.length,
    journal: (parts.get('journal') ?? 0) / MiB,
    snapshots: (parts.get('snapshots') ?? 0) / MiB,
    data: [...parts].reduce((sum, [part, bytes]) => sum + (kept(part) ? bytes : 0), 0) / MiB,
  };
}

const kept = (part: string) => part !== 'journal' && part !== 'snapshots';

/** Metrics without labels by name; none where the product has no /metrics. */
async function readMetrics(product: Product): Promise<Map<string, number>> {
  const answer = await product.get('/metrics');
  const text = await answer.text();
  if (!answer.ok) return new Map();
  return new Map(
    [...text.matchAll(/^([a-z_]+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)] as const),
  );
}

/** Bytes below each entry of a folder. What goes meanwhile counts as gone. */
async function sizes(folder: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const name of await readdir(folder, { recursive: true })) {
    const info = await stat(join(folder, name)).catch(() => null);
    if (!info?.isFile()) continue;
    const part = name.split('/')[0];
    found.set(part, (found.get(part) ?? 0) + info.size);
  }
  return found;
}

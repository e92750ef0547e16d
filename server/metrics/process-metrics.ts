import { readdir } from 'node:fs/promises';
import type { Instruments } from './instruments.js';
import { one } from './instruments.js';

const OWN_FILES = '/proc/self/fd';

/**
 * What the process takes. Of prom-client's own list of such metrics none is used: they start observers that are never
 * stopped, and would be there once for every house of a process.
 *
 * @param startedAt of the process, ms since the epoch
 */
export function processMetrics(instruments: Instruments, startedAt: number): void {
  instruments.readGauge('process_start_time_seconds', 'When the process started, since the epoch', [], () =>
    one(startedAt / 1000),
  );
  instruments.readCounter(
    'process_cpu_seconds_total',
    'Processor time of the process with all its threads, without ffmpeg',
    [],
    () => {
      const { user, system } = process.cpuUsage();
      return one((user + system) / 1e6);
    },
  );
  instruments.readGauge('process_resident_memory_bytes', 'Memory of the process', [], () =>
    one(process.memoryUsage.rss()),
  );
  instruments.readGauge('process_heap_used_bytes', "Memory in use of the main thread's heap", [], () =>
    one(process.memoryUsage().heapUsed),
  );
  instruments.readGauge(
    'process_array_buffers_bytes',
    'Memory of the main thread outside of the heap, such as waiting pictures',
    [],
    () => one(process.memoryUsage().arrayBuffers),
  );
  instruments.readGauge(
    'process_open_handles',
    'Timers, sockets, processes and other things that the main thread waits for',
    [],
    () => one(process.getActiveResourcesInfo().length),
  );
  instruments.readGauge('process_open_files', 'Files and sockets that are open (Linux)', [], async () => {
    const files = await readdir(OWN_FILES).catch(() => null);
    return files ? one(files.length) : [];
  });
}

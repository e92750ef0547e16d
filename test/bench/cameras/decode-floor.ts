import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../measure.js';
import { machineTime, processTime } from './proc.js';
import type { Floor } from './report.js';
import type { Cameras } from './start-cameras.js';

const WARM_MS = 2_000;
const WINDOWS = 3;

/**
 * What ffmpeg needs to do nothing but receive and decode one camera: `ffmpeg -threads 1 -i URL -f null -`. One thread,
 * for several cost more in all. The median of three windows.
 */
export async function measureFloor(
  ffmpeg: string,
  cameras: Cameras,
  wish: Pick<Floor, 'stream' | 'content'> & { clip: string },
  seconds: number,
  signal: AbortSignal,
): Promise<Floor> {
  const [{ kbits }] = await cameras.serve([{ path: 'floor', clip: wish.clip, offset: 0 }]);
  const child = spawn(
    ffmpeg,
    [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-rtsp_transport', 'tcp', '-threads', '1'],
      ...['-i', cameras.url('floor'), '-an', '-f', 'null', '-'],
    ],
    { stdio: 'ignore' },
  );
  const gone = once(child, 'exit');
  try {
    await sleep(WARM_MS, undefined, { signal });
    const reading = async () => {
      const time = await processTime(child.pid!);
      if (!time) throw new Error('the ffmpeg that only decodes went away');
      return { at: performance.now(), own: time.own, busy: (await machineTime()).busy };
    };
    const cores: number[] = [];
    const others: number[] = [];
    let before = await reading();
    for (let window = 0; window < WINDOWS; window += 1) {
      await sleep((seconds * 1000) / WINDOWS, undefined, { signal });
      const after = await reading();
      const elapsed = (after.at - before.at) / 1000;
      cores.push((after.own - before.own) / elapsed);
      others.push(Math.max(0, (after.busy - before.busy - (after.own - before.own)) / elapsed));
      before = after;
    }
    return {
      stream: wish.stream,
      content: wish.content,
      cores: median(cores),
      kbits: Math.round(kbits),
      others: median(others),
    };
  } finally {
    child.kill('SIGKILL');
    await gone;
    await cameras.serve([]).catch(() => undefined);
  }
}

import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { findFfmpeg } from '../../server/cameras/find-ffmpeg.js';
import type { CameraInfo } from '../../server/events/desk.js';
import type { Picture } from '../../server/frames/frame.js';
import { median } from './measure.js';

export type HouseQuestion = { kind: 'start'; config: unknown } | { kind: 'measure'; ms: number };
export type HouseAnswer =
  { kind: 'started'; url: string } | { kind: 'delay'; p50: number; p99: number; max: number; cores: number };

export interface HouseLoad {
  cameras: number;
  /** Frames a second that each camera sends. */
  fps: number;
  /** How late the main loop came to its timers, ms; 1 is the finest that is measured. */
  mainLoopDelay: { p50: number; p99: number; max: number };
  /** The same of an idle process at the same time: what the machine itself is late. */
  idleDelay: { p50: number; p99: number; max: number };
  /** Processors that the process kept busy, its workers included, ffmpeg not. */
  cores: number;
  /** Frames a second that ffmpeg delivered, all cameras together. */
  arrivedPerSecond: number;
  /** Of these, how many went through recognition and were not overtaken by fresher ones. */
  recognisedPerSecond: number;
  /** Live pictures a second that reached the watchers. */
  livePerSecond: number;
  /** Frame to faces, ms, median of the cameras' own. */
  latency: { p50: number; p95: number } | null;
}

const CAMERAS = 4;
const FPS = 15;

/**
 * The whole product under more than it can recognise: four 720p cameras of five faces at 15 frames a second from ffmpeg,
 * each watched live, events written and fed. Measures the delay of its main loop.
 */
export async function measureHouse(picture: Picture, forMs: number): Promise<HouseLoad> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-clip-'));
  const child = fork(fileURLToPath(new URL('./house.child.ts', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const alarm = setTimeout(() => child.kill('SIGKILL'), 90_000 + forMs);
  const gone = once(child, 'exit').then(() => {
    throw new Error('the house went away while it was measured');
  });
  gone.catch(() => undefined);
  const ask = async <K extends HouseAnswer['kind']>(
    question: HouseQuestion,
  ): Promise<HouseAnswer & { kind: K }> => {
    child.send(question);
    const [answer] = (await Promise.race([once(child, 'message'), gone])) as [HouseAnswer & { kind: K }];
    return answer;
  };
  const sockets: WebSocket[] = [];
  try {
    const clip = join(folder, 'five-faces.mp4');
    encode((await findFfmpeg()).path, picture, clip);
    const cameras = Array.from({ length: CAMERAS }, (_, i) => ({
      id: `camera-${i + 1}`,
      source: { kind: 'file', path: clip },
      fps: FPS,
      size: { width: picture.width, height: picture.height },
      greeting: false,
    }));
    const { url } = await ask<'started'>({
      kind: 'start',
      config: { server: { host: '127.0.0.1', port: 0 }, people: join(folder, 'people'), cameras },
    });
    let pictures = 0;
    const open = (path: string): WebSocket => {
      const socket = new WebSocket(new URL(path, url.replace('http', 'ws')));
      sockets.push(socket);
      return socket;
    };
    open('/ws/events');
    for (const { id } of cameras) open(`/ws/live/${id}`).on('message', () => (pictures += 1));
    const infos = async () => (await (await fetch(new URL('/api/cameras', url))).json()) as CameraInfo[];
    for (let tries = 0; (await infos()).some(({ state }) => state !== 'live'); tries += 1) {
      if (tries > 120) throw new Error('the cameras did not come up');
      await sleep(250);
    }
    await sleep(2_000);
    const before = pictures;
    const dropped = async () => (await infos()).reduce((sum, camera) => sum + camera.dropped, 0);
    const droppedBefore = await dropped();
    const watch = monitorEventLoopDelay({ resolution: 1 });
    watch.enable();
    const { p50, p99, max, cores } = await ask<'delay'>({ kind: 'measure', ms: forMs });
    watch.disable();
    const droppedPerSecond = (((await dropped()) - droppedBefore) * 1000) / forMs;
    const all = await infos();
    const arrivedPerSecond = all.reduce((sum, { fps }) => sum + fps, 0);
    const latencies = all.flatMap(({ latency }) => latency ?? []);
    return {
      cameras: CAMERAS,
      fps: FPS,
      mainLoopDelay: { p50, p99, max },
      idleDelay: { p50: watch.percentile(50) / 1e6, p99: watch.percentile(99) / 1e6, max: watch.max / 1e6 },
      cores,
      arrivedPerSecond,
      recognisedPerSecond: Math.max(0, arrivedPerSecond - droppedPerSecond),
      livePerSecond: ((pictures - before) * 1000) / forMs,
      latency:
        latencies.length === 0
          ? null
          : {
              p50: median(latencies.map((one) => one.p50)),
              p95: median(latencies.map((one) => one.p95)),
            },
    };
  } finally {
    for (const socket of sockets) socket.terminate();
    if (child.connected) child.disconnect();
    await gone.catch(() => undefined);
    clearTimeout(alarm);
    await rm(folder, { recursive: true, force: true });
  }
}

/** The picture as two seconds of video, which a camera of kind "file" plays for ever. */
function encode(ffmpeg: string, { width, height, pixels }: Picture, path: string): void {
  const input = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-s',
    `${width}x${height}`,
    '-r',
    `${FPS}`,
    '-i',
    'pipe:0',
  ];
  const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-y', path];
  const frames = Array<Uint8Array>(2 * FPS).fill(pixels);
  execFileSync(ffmpeg, ['-hide_banner', '-loglevel', 'error', ...input, ...output], {
    input: Buffer.concat(frames),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}

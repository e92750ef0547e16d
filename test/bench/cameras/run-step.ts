import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CameraInfo } from '../../../server/events/desk.js';
import { startProduct, type Product } from '../../fixtures/product.js';
import { median, quantile } from '../measure.js';
import { slopeOf } from '../slope.js';
import { LOOP_PICTURES } from './cast.js';
import { crossingsIn, namedOf, NAME_GRACE_MS } from './crossings.js';
import { judgeStep } from './judge-step.js';
import { STREAM_FPS, type Kind } from './kinds.js';
import { listen } from './listen.js';
import { machineTime, processTime } from './proc.js';
import { readMemory, readTime, secondsEach } from './read-product.js';
import type { Quantiles, Step } from './report.js';
import type { CameraWish, Cameras } from './start-cameras.js';

export interface StepTools {
  cameras: Cameras;
  /** Of the run: configuration, people and data; the product finds there how fast its engines are. */
  folder: string;
  /** Paths of the clips by content. */
  clips: { quiet: string; busy: string };
  /** Frames a second that the product is to look at. */
  fps: number;
  /** Whether the product knows the configuration key `attention`. */
  knowsAttention: boolean;
  /** A folder for processor profiles of the product, one file a thread; undefined: none. */
  profiles: string | undefined;
  signal: AbortSignal;
}

/** From all cameras being live to the measurement, ms: rates are those of the latest seconds. */
const SETTLE_MS = 8_000;
/** Quiet cameras that may sleep stay awake for some seconds first. */
const FALL_ASLEEP_MS = 12_000;
/** The desk is asked for rates this often, ms, and memory is read at every other time. */
const LOOK_MS = 2_000;
const PROBE = 'probe';

/** Runs the product with so many cameras of a kind, measures for some seconds, and stops it. */
export async function runStep(kind: Kind, count: number, seconds: number, tools: StepTools): Promise<Step> {
  const { cameras, signal, folder, clips } = tools;
  const ids = Array.from({ length: count }, (_, index) => `cam-${index + 1}`);
  const wish = (path: string, content: keyof typeof clips, index: number): CameraWish => ({
    path,
    clip: clips[content],
    // Nobody enters two cameras at once.
    offset: Math.round((index * LOOP_PICTURES) / Math.max(4, count)) % LOOP_PICTURES,
  });
  const played = [
    ...ids.map((id, index) => wish(id, kind.content, index)),
    ...(kind.content === 'quiet' ? [wish(PROBE, 'busy', 0)] : []),
  ];
  await cameras.serve(played);
  const config = join(folder, 'streams.config.json');
  await writeFile(config, JSON.stringify(configOf(kind, played, tools)));
  let product: Product | null = null;
  try {
    product = await startProduct(
      { config, data: join(folder, 'data') },
      tools.profiles === undefined ? {} : { nodeArgs: ['--cpu-prof', `--cpu-prof-dir=${tools.profiles}`] },
    );
    await allLive(product, played.length, signal);
    await sleep(kind.attention && kind.content === 'quiet' ? FALL_ASLEEP_MS : SETTLE_MS, undefined, {
      signal,
    });
    return await measure(product, kind, count, seconds, tools);
  } finally {
    await product?.stop();
    await cameras.serve([]).catch(() => undefined);
  }
}

function configOf(kind: Kind, played: readonly CameraWish[], tools: StepTools): unknown {
  return {
    server: { host: '127.0.0.1', port: 0 },
    people: join(tools.folder, 'people'),
    defaults: {
      fps: tools.fps,
      greeting: false,
      ...(tools.knowsAttention ? { attention: { mode: kind.attention ? 'auto' : 'off' } } : {}),
    },
    cameras: played.map(({ path }) => ({
      id: path,
      source: { kind: 'rtsp', url: tools.cameras.url(path) },
    })),
  };
}

async function allLive(product: Product, count: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + 30_000 + count * 1_000;
  for (;;) {
    const infos = await infosOf(product);
    if (infos.every(({ state }) => state === 'live')) return;
    if (performance.now() > deadline) {
      const down = infos.filter(({ state }) => state !== 'live');
      throw new Error(
        `${down.length} of ${count} cameras did not come up: ${down[0].reason ?? down[0].state}`,
      );
    }
    await sleep(250, undefined, { signal });
  }
}

async function infosOf(product: Product): Promise<CameraInfo[]> {
  return (await (await product.get('/api/cameras')).json()) as CameraInfo[];
}

async function measure(
  product: Product,
  kind: Kind,
  count: number,
  seconds: number,
  { cameras, fps, signal }: StepTools,
): Promise<Step> {
  const pid = product.child.pid!;
  const reading = async () => ({
    at: performance.now(),
    product: await readTime(pid),
    cameras: await secondsOf(cameras.pid),
    bench: await secondsOf(process.pid),
    machine: await machineTime(),
  });
  const feed = await listen(product.url, cameras, kind.stream);
  const from = Date.now();
  const before = await reading();
  const droppedBefore = await infosOf(product);
  const arrived: number[] = [];
  const awake: number[] = [];
  const memory: [minutes: number, mib: number][] = [];
  for (let look = 1; performance.now() - before.at < seconds * 1000; look += 1) {
    await sleep(Math.min(LOOK_MS, seconds * 1000 - (performance.now() - before.at)), undefined, { signal });
    const infos = await infosOf(product);
    arrived.push(mean(infos.map((info) => info.fps)));
    const sleepers = infos.filter((info) => info.id !== PROBE && info.attention !== null);
    if (sleepers.length > 0) awake.push(mean(sleepers.map((info) => Number(info.attention === 'awake'))));
    if (look % 2 === 0) {
      const { node, ffmpeg } = await readMemory(pid);
      memory.push([(performance.now() - before.at) / 60_000, node + ffmpeg]);
    }
  }
  const after = await reading();
  const to = Date.now();
  const infos = await infosOf(product);
  // Who left at the very end may be named in time all the same.
  await sleep(NAME_GRACE_MS, undefined, { signal });
  const heard = await feed.heard();
  feed.close();
  const last = await readMemory(pid);
  const pace = await cameras.pace();

  const walked = kind.content === 'busy' ? infos.map(({ id }) => id) : [PROBE];
  const crossings = await Promise.all(
    walked.map(async (camera) => crossingsIn(camera, await cameras.sent(camera, from, to), kind.stream)),
  );

  const elapsed = (after.at - before.at) / 1000;
  const cores = {
    node: (after.product.node - before.product.node) / elapsed,
    ffmpeg: (after.product.ffmpeg - before.product.ffmpeg) / elapsed,
    cameras: (after.cameras - before.cameras) / elapsed,
    bench: (after.bench - before.bench) / elapsed,
  };
  const busy = (after.machine.busy - before.machine.busy) / elapsed;
  const own = cores.node + cores.ffmpeg + cores.cameras + cores.bench;
  const isProbe = (command: string) => command.includes(cameras.url(PROBE));
  const isKind = (command: string) => command.includes(cameras.url('cam-'));
  const each = (isOne: (command: string) => boolean) => {
    const used = secondsEach(before.product, after.product, isOne);
    return used === null ? null : used / elapsed;
  };
  const droppedFps = mean(infos.map((info, index) => info.dropped - droppedBefore[index].dropped)) / elapsed;
  const arrivedFps = mean(arrived);
  const found = {
    kind: kind.name,
    cameras: count,
    seconds: elapsed,
    fps: {
      // A camera that sleeps is right to give fewer.
      wanted: kind.attention && kind.content === 'quiet' ? null : Math.min(fps, STREAM_FPS),
      arrived: arrivedFps,
      recognised: Math.max(0, arrivedFps - droppedFps),
    },
    awake: awake.length === 0 ? null : mean(awake),
    frameToEventMs: quantilesOf(heard.frameToEvent),
    entranceToNameMs: quantilesOf(heard.entranceToName),
    unplaced: heard.unplaced,
    crossings: namedOf(crossings.flat(), heard.names),
    cores: { ...cores, others: Math.max(0, busy - own) },
    ffmpegEach: { kind: each(isKind), probe: each(isProbe) },
    memory: {
      nodeMiB: last.node,
      ffmpegMiB: last.ffmpeg,
      growth: memory.length < 3 ? null : slopeOf(memory),
    },
    pace: { lateP99Ms: quantile(pace.lateMs, 0.99), unread: pace.unread },
    down: infos.filter(({ state }) => state !== 'live').length,
  };
  return judgeStep(found);
}

async function secondsOf(pid: number): Promise<number> {
  return (await processTime(pid))?.own ?? 0;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function quantilesOf(values: readonly number[]): Quantiles | null {
  if (values.length === 0) return null;
  const at = (share: number) => Math.round(quantile(values, share));
  return { p50: Math.round(median(values)), p95: at(0.95), p99: at(0.99), count: values.length };
}

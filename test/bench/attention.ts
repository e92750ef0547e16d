/**
 * What a camera costs: processor seconds a second of stream, of a still 1080p25 camera (GOP of a second, noise),
 * quiet, awake and in full, beside ffmpeg's own decoding of it.
 *
 *   npx tsx test/bench/attention.ts [seconds]
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { systemClock as clock } from '../../server/base/clock.js';
import { DecodingLoad } from '../../server/cameras/attention/decoding-load.js';
import { attentiveSource } from '../../server/cameras/attention/attentive-source.js';
import { camera } from '../../server/cameras/camera.js';
import { findFfmpeg } from '../../server/cameras/find-ffmpeg.js';
import type { Source } from '../../server/cameras/source.js';
import { rtspSource } from '../../server/cameras/sources/rtsp.js';
import { discardingSink } from '../../server/frames/frame.js';
import { watchNotableMotion } from '../../server/frames/notable-motion.js';
import { childrenOf } from '../cameras/post.js';
import { RtspCamera } from '../fixtures/rtsp-camera.js';
import { makeWalk } from '../fixtures/walk-clip.js';

const wish = { width: 1280, height: 720, fps: 8 };
const ffmpeg = await findFfmpeg();

if (process.argv[2] === '--camera') {
  const clip = makeWalk(ffmpeg.path, { width: 1920, height: 1080, seconds: 8 });
  const device = await new RtspCamera({ clip }).open();
  process.stdout.write(`${device.url}\n`);
} else {
  const seconds = Number(process.argv[2] ?? 30);
  const device = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), '--camera'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve) => {
    device.stdout.once('data', (text: Buffer) => resolve(text.toString().trim()));
  });

  /** Processor seconds a second: of the ffmpegs, and of this process. */
  const measure = async () => {
    const before = { children: ofChildren(device.pid!), own: process.cpuUsage(), at: performance.now() };
    await pause(seconds * 1000);
    const took = (performance.now() - before.at) / 1000;
    const own = process.cpuUsage(before.own);
    return {
      ffmpeg: (ofChildren(device.pid!) - before.children) / took,
      node: (own.user + own.system) / 1e6 / took,
    };
  };
  const table: Record<string, { ffmpeg: number; node: number; 'of the floor': string }> = {};

  const floor = spawn(ffmpeg.path, [
    '-loglevel',
    'error',
    '-rtsp_transport',
    'tcp',
    '-i',
    url,
    '-f',
    'null',
    '-',
  ]);
  await pause(4000);
  const least = await measure();
  floor.kill('SIGKILL');
  const note = (name: string, { ffmpeg: ours, node }: { ffmpeg: number; node: number }) => {
    const share = ((ours + (name === 'floor' ? 0 : node)) / least.ffmpeg).toFixed(2);
    table[name] = { ffmpeg: Number(ours.toFixed(4)), node: Number(node.toFixed(4)), 'of the floor': share };
  };
  note('floor', least);

  const run = async (source: Source, ready: () => boolean, keepAwake = false) => {
    const stop = new AbortController();
    const sink = discardingSink(wish);
    const video = { start: () => undefined, fragment: () => undefined, end: () => undefined };
    const over = new Promise<void>((resolve) => {
      const status = camera({
        id: 'bench',
        source,
        sink,
        video,
        clock,
        random: Math.random,
        signal: stop.signal,
      });
      status.subscribe({ complete: resolve });
    });
    const deadline = performance.now() + 60_000;
    while (!ready()) {
      if (performance.now() > deadline) throw new Error('it was not ready within a minute');
      await pause(50);
    }
    await pause(3000);
    const awake = setInterval(() => {
      if (keepAwake) source.attention?.attend();
    }, 200);
    await pause(1000);
    const figures = await measure();
    clearInterval(awake);
    stop.abort();
    await over;
    return figures;
  };
  const tools = { ffmpeg, clock };
  const options = { ...wish, url, transport: 'tcp' } as const;
  const attentive = () =>
    attentiveSource(
      { ...wish, quietMs: 2000, watchMotion: () => watchNotableMotion(), load: new DecodingLoad() },
      { copied: rtspSource({ ...options, pictures: 'none' }, tools), all: rtspSource(options, tools) },
      tools,
    );
  note('in full', await run(rtspSource(options, tools), () => true));
  const quiet = attentive();
  note('quiet', await run(quiet, () => quiet.attention.state === 'quiet'));
  const awake = attentive();
  note('awake', await run(awake, () => awake.attention.state === 'quiet', true));
  console.log(`ffmpeg ${ffmpeg.version}, ${seconds} s each`);
  console.table(table);
  console.log('quiet', JSON.stringify(quiet.attention), 'awake', JSON.stringify(awake.attention));
  device.kill();
}

/** Processor seconds of the children of this process but for one. */
function ofChildren(without: number): number {
  const spent = [...childrenOf(process.pid).keys()]
    .filter((pid) => pid !== without)
    .map((pid) => {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    });
  return spent.reduce((sum, each) => sum + each, 0);
}

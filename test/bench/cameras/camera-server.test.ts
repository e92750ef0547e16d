import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findFfmpeg } from '../../../server/cameras/find-ffmpeg.js';
import { encodeClip, takeApart } from '../../fixtures/clip.js';
import { CameraServer } from './camera-server.js';
import { packClip, type PackedClip } from './pack-clip.js';

// A real ffmpeg watches.

let ffmpeg: string;
let clip: PackedClip;
let original: string[];
const open: CameraServer[] = [];

beforeAll(async () => {
  ffmpeg = (await findFfmpeg()).path;
  const path = encodeClip(ffmpeg, { codec: 'h264', width: 320, height: 180, seconds: 1 });
  clip = packClip({ ...takeApart(await readFile(path), 'h264'), fps: 25 });
  original = hashes((await promisify(execFile)(ffmpeg, [...quietly, '-i', path, ...toHashes])).stdout);
});
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const quietly = ['-hide_banner', '-nostdin', '-loglevel', 'error'];
const toHashes = ['-an', '-fps_mode', 'passthrough', '-f', 'framemd5', '-'];
const hashes = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)!.trim());

async function serve(paths: string[]): Promise<{ server: CameraServer; url: (path: string) => string }> {
  const server = new CameraServer();
  open.push(server);
  const port = await server.open();
  server.serve(paths.map((path, index) => ({ path, clip, offset: index * 5 })));
  return { server, url: (path) => `rtsp://127.0.0.1:${port}/${path}` };
}

async function watch(url: string, pictures: number): Promise<string[]> {
  const rtsp = ['-rtsp_transport', 'tcp', '-i', url, '-frames:v', `${pictures}`];
  return hashes((await promisify(execFile)(ffmpeg, [...quietly, ...rtsp, ...toHashes])).stdout);
}

describe('the cameras of the bench', () => {
  it('send the very pictures of the clip, round and round, to several at once', async () => {
    const { url } = await serve(['one', 'two']);
    for (const seen of await Promise.all([watch(url('one'), 40), watch(url('two'), 40)])) {
      expect(seen).toHaveLength(40);
      expect(seen.slice(0, 25)).toEqual(original);
      expect(seen.slice(25)).toEqual(original.slice(0, 15));
    }
  });

  it('know which picture was sent when, and that nobody missed one', async () => {
    const { server, url } = await serve(['one', 'two']);
    const from = Date.now();
    await watch(url('two'), 20);
    const sent = server.sent('two', from, Date.now());
    expect(sent.length).toBeGreaterThanOrEqual(20);
    const [first] = sent[0];
    sent.forEach(([picture], index) => expect(picture).toBe((first + index) % 25));
    const [seconds] = [(sent.at(-1)![1] - sent[0][1]) / 1000];
    expect((sent.length - 1) / seconds).toBeGreaterThan(20);
    expect(server.pace.unread).toBe(0);
  });

  it('refuse a path that is not there, and cut off those of before', async () => {
    const { server, url } = await serve(['one']);
    await expect(watch(url('none'), 1)).rejects.toThrow(/404/);
    const viewer = spawn(ffmpeg, [...quietly, '-rtsp_transport', 'tcp', '-i', url('one'), '-f', 'null', '-']);
    const gone = once(viewer, 'exit');
    try {
      while (server.pace.viewers === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      server.serve([]);
      await gone;
      expect(server.pace.viewers).toBe(0);
    } finally {
      viewer.kill('SIGKILL');
    }
  });
});

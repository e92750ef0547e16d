import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawBackdrop } from '../../../server/demo/backdrop.js';
import { demoPeople } from '../../../server/demo/people.js';
import { drawPortrait } from '../../../server/demo/portrait.js';
import { CAMERA_NOISE, cameraEncoding, rgbInput } from '../../fixtures/camera-encoding.js';
import { emptyLobby } from '../../fixtures/empty-lobby.js';
import { LOOP_PICTURES, castAt } from './cast.js';
import { drawBusy } from './draw-pictures.js';
import { STREAM_FPS, streams, type StreamName } from './kinds.js';

export interface ClipWish {
  stream: StreamName;
  content: 'quiet' | 'busy';
  /** Pictures from one key picture to the next. */
  gop: number;
}

/** Clips are kept here between runs; the name changes with whatever is seen in them. */
const FOLDER = join(tmpdir(), 'gatehouse-bench-cameras');
/** Length of the clip in which nothing happens, seconds. */
const QUIET_SECONDS = 8;
/**
 * A camera's loop as a raw H.264 stream, drawn and encoded once.
 *
 * @returns path of the Annex-B file
 */
export async function prepareClip(wish: ClipWish, ffmpeg: string, signal: AbortSignal): Promise<string> {
  const path = join(FOLDER, `${wish.content}-${wish.stream}-${versionOf(wish)}.h264`);
  if (existsSync(path)) return path;
  await mkdir(FOLDER, { recursive: true });
  const half = `${path}.${process.pid}.part`;
  try {
    await encode(wish, ffmpeg, half, signal);
    await rename(half, path);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
  return path;
}

async function encode(
  { stream, content, gop }: ClipWish,
  ffmpeg: string,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const quiet = content === 'quiet';
  const pictures = quiet ? QUIET_SECONDS * STREAM_FPS : LOOP_PICTURES;
  const filters = [...(quiet ? ['loop=loop=-1:size=1:start=0'] : []), CAMERA_NOISE];
  const child = spawn(
    ffmpeg,
    [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-y'],
      ...rgbInput(streams[stream], STREAM_FPS),
      ...['-vf', filters.join(','), '-frames:v', `${pictures}`, ...cameraEncoding(gop), path],
    ],
    { stdio: ['pipe', 'ignore', 'pipe'], signal },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  // Why it ended is told by its own words.
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close');
  ended.catch(() => undefined);
  const all = Array.from({ length: pictures }, (_, index) => index);
  for await (const pixels of quiet ? [emptyLobby(streams[stream])] : drawBusy(stream, all)) {
    if (!child.stdin.writable) break;
    if (!child.stdin.write(pixels)) await Promise.race([once(child.stdin, 'drain'), ended]);
  }
  child.stdin.end();
  const [code] = (await ended) as [number | null];
  signal.throwIfAborted();
  if (code !== 0) throw new Error(`ffmpeg could not encode the ${content} clip: ${said.trim()}`);
}

function versionOf(wish: ClipWish): string {
  const hash = createHash('sha256').update(
    JSON.stringify([wish, streams[wish.stream], CAMERA_NOISE, cameraEncoding(wish.gop), QUIET_SECONDS]),
  );
  hash.update(drawBackdrop('lobby', 0.3));
  for (const { traits } of demoPeople) hash.update(drawPortrait(traits));
  for (let picture = 0; picture < LOOP_PICTURES; picture += 7)
    hash.update(JSON.stringify(castAt(picture, wish.stream)));
  return hash.digest('hex').slice(0, 12);
}

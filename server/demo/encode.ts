import { spawn } from 'node:child_process';
import { GatehouseError } from '../base/errors.js';

export interface EncodeOptions {
  ffmpegPath: string;
  width: number;
  height: number;
  fps: number;
  /** Path of the clip; overwritten. */
  target: string;
  signal: AbortSignal;
}

/** Encoders in the order in which they are tried; every ffmpeg has the last. */
const encoders: readonly (readonly string[])[] = [
  // Faces must survive: constant quality, and a key frame every two seconds, so that a viewer joins soon.
  ['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-crf', '20', '-g', '20', '-bf', '0'],
  ['-c:v', 'mpeg4', '-q:v', '3', '-g', '20'],
];

/**
 * Encodes RGB pictures as an MP4 clip, in H.264 where ffmpeg can.
 *
 * @param pictures asked for the sequence anew where the first encoder is not there
 * @throws GatehouseError FFMPEG_NOT_FOUND, FFMPEG_BROKEN or DISK_FULL; the signal's reason after an abort.
 *   ffmpeg is gone by then.
 */
export async function encodeClip(
  pictures: () => AsyncIterable<Uint8Array>,
  options: EncodeOptions,
): Promise<void> {
  for (const [index, encoder] of encoders.entries()) {
    const outcome = await runEncoder(encoder, pictures, options);
    options.signal.throwIfAborted();
    if (outcome.ok) return;
    if (/Unknown encoder/i.test(outcome.said) && index < encoders.length - 1) continue;
    throw explain(outcome.said, options);
  }
}

async function runEncoder(
  encoder: readonly string[],
  pictures: () => AsyncIterable<Uint8Array>,
  { ffmpegPath, width, height, fps, target, signal }: EncodeOptions,
): Promise<{ ok: boolean; said: string }> {
  signal.throwIfAborted();
  const args = ['-hide_banner', '-nostdin', '-loglevel', 'error', '-f', 'rawvideo', '-pix_fmt', 'rgb24'];
  args.push('-s', `${width}x${height}`, '-r', String(fps), '-i', 'pipe:0', '-an', ...encoder);
  args.push('-pix_fmt', 'yuv420p', '-movflags', '+faststart', '-f', 'mp4', '-y', target);
  const child = spawn(ffmpegPath, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
  // A broken pipe is only how ffmpeg's end shows here; why it ended is told by its own words.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) =>
      reject(
        new GatehouseError('FFMPEG_NOT_FOUND', `${ffmpegPath} does not start.`, 'Run `gatehouse doctor`.', {
          cause,
        }),
      ),
    );
    child.once('close', (code) => resolve(code));
  });
  ended.catch(() => undefined);
  const kill = () => child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  try {
    for await (const picture of pictures()) {
      if (signal.aborted || child.exitCode !== null || !child.stdin.writable) break;
      if (!child.stdin.write(picture))
        await Promise.race([new Promise((resolve) => child.stdin.once('drain', resolve)), ended]);
    }
    child.stdin.end();
    return { ok: (await ended) === 0, said };
  } catch (error) {
    kill();
    await ended.catch(() => undefined);
    throw error;
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

function explain(said: string, { ffmpegPath, target }: EncodeOptions): GatehouseError {
  const cause = new Error(said.trim() || 'ffmpeg said nothing');
  if (/No space left on device|Disk quota exceeded/i.test(said))
    return new GatehouseError(
      'DISK_FULL',
      `No room for the demo's scenes beside ${target}.`,
      'Free some space.',
      { cause },
    );
  return new GatehouseError(
    'FFMPEG_BROKEN',
    `${ffmpegPath} failed to encode a demo scene: ${cause.message.split('\n').at(-1)}`,
    'Run `gatehouse doctor`, or set FFMPEG_PATH to another ffmpeg.',
    { cause },
  );
}

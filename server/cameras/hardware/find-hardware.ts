import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { accelerators, trialArguments, type Accelerator, type HardwareWish } from './accelerator.js';

/** What decodes video on this machine, and why not something else. */
export interface FoundHardware {
  /** null: software. */
  readonly taken: Accelerator | null;
  readonly passedOver: readonly { readonly name: Accelerator; readonly reason: string }[];
}

/** Runs ffmpeg with arguments and gives its output; rejects, with `stderr`, where it fails. Tests hand in another. */
export type RunFfmpeg = (args: readonly string[]) => Promise<string>;

const TRIAL_MS = 10_000;
/** Builds differ in which H.264 encoder they have. */
const ENCODERS = ['libx264', 'libopenh264', 'h264_videotoolbox'];

/**
 * Tries what a camera's configuration asks for: a clip of H.264 is drawn and really decoded by each accelerator
 * that this ffmpeg knows, until one works. Never throws: software always works.
 *
 * @param path of the ffmpeg
 */
export async function findHardware(
  path: string,
  wish: HardwareWish,
  run: RunFfmpeg = runner(path),
): Promise<FoundHardware> {
  if (wish === 'off') return { taken: null, passedOver: [] };
  const asked: readonly Accelerator[] = wish === 'auto' ? accelerators : [wish];
  const passedOver: { name: Accelerator; reason: string }[] = [];
  const known = new Set((await run(['-hide_banner', '-hwaccels']).catch(() => '')).split(/\s+/));
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-trial-')).catch(() => null);
  try {
    let clip: string | null = null;
    for (const name of asked) {
      if (!known.has(name)) {
        passedOver.push({ name, reason: 'this ffmpeg was built without it' });
        continue;
      }
      clip ??= folder === null ? null : await drawClip(folder, run);
      if (clip === null) {
        passedOver.push({ name, reason: 'no clip could be made to try it with' });
        continue;
      }
      try {
        await run(trialArguments(name, clip));
        return { taken: name, passedOver };
      } catch (error) {
        passedOver.push({ name, reason: sayWhy(error) });
      }
    }
    return { taken: null, passedOver };
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }
}

/** Large enough for every accelerator: some refuse what is smaller than 128 pixels. */
async function drawClip(folder: string, run: RunFfmpeg): Promise<string | null> {
  const path = join(folder, 'clip.mp4');
  for (const encoder of ENCODERS) {
    const drawing = ['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25', '-frames:v', '10'];
    const args = ['-hide_banner', '-nostdin', '-loglevel', 'error', '-y', ...drawing];
    const made = run([...args, '-pix_fmt', 'yuv420p', '-c:v', encoder, path]);
    if (await made.then(() => true).catch(() => false)) return path;
  }
  return null;
}

function runner(path: string): RunFfmpeg {
  const options = {
    timeout: TRIAL_MS,
    killSignal: 'SIGKILL',
    windowsHide: true,
    maxBuffer: 4 << 20,
  } as const;
  return async (args) => (await promisify(execFile)(path, args, options)).stdout;
}

/** The first line of what ffmpeg said, without the address of whoever said it. */
function sayWhy(error: unknown): string {
  const { killed, stderr, message } = error as { killed?: boolean; stderr?: string; message?: string };
  if (killed === true) return `it decoded nothing within ${TRIAL_MS / 1000} s`;
  const said = (stderr ?? '').split('\n').find((line) => line.trim() !== '');
  return (said ?? message ?? 'it failed').replace(/^\[[^\]]*\]\s*/, '').trim();
}

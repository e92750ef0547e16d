import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeApart, type Clip } from '../../fixtures/clip.js';
import { demoClip } from '../../fixtures/demo-clip.js';
import { RtspCamera } from '../../fixtures/rtsp-camera.js';

/** What the cameras send: large enough for faces of about 60 pixels, small enough for many streams. */
export const PICTURE = { width: 480, height: 270 };
const SCENES = ['entrance', 'lobby', 'side-door'];
/** Pictures for each second of the scene. */
const FPS = 5;
/** A connection without pictures is held so long, ms: the product has to find it out by itself. */
const STALL_MS = 6_000;
const faults = ['fin', 'rst', 'stall'] as const;

export interface SoakCameras {
  readonly urls: readonly string[];
  /** How often a camera that somebody watched was lost, by us. */
  readonly faults: number;
  close(): Promise<void>;
}

/**
 * RTSP cameras that show the drawn scenes `speed` times as fast as they are, so that people hurry through, and
 * are lost one after the other, every `faultMs`, in each way a camera can be lost.
 */
export async function openCameras(
  ffmpeg: string,
  wish: { count: number; speed: number; faultMs: number },
): Promise<SoakCameras> {
  const clips: Clip[] = [];
  for (const scene of SCENES) clips.push(hurry(ffmpeg, await demoClip(scene), wish.speed));
  const cameras: RtspCamera[] = [];
  for (let i = 0; i < wish.count; i += 1)
    cameras.push(await new RtspCamera({ clip: clips[i % clips.length] }).open());
  const pauses = new Set<NodeJS.Timeout>();
  let turn = 0;
  let count = 0;
  const timer = setInterval(() => {
    const camera = cameras[turn % cameras.length];
    const fault = faults[Math.floor(turn / cameras.length) % faults.length];
    turn += 1;
    // Nobody is there to lose it.
    if (camera.viewers === 0) return;
    count += 1;
    if (fault !== 'stall') {
      camera.drop(fault);
      return;
    }
    camera.stall(true);
    const pause = setTimeout(() => {
      pauses.delete(pause);
      camera.stall(false);
    }, STALL_MS);
    pauses.add(pause);
  }, wish.faultMs);
  return {
    urls: cameras.map((camera) => camera.url),
    get faults() {
      return count;
    },
    async close() {
      clearInterval(timer);
      pauses.forEach(clearTimeout);
      await Promise.all(cameras.map((camera) => camera.close()));
    },
  };
}

/** A scene at another speed, with a key picture every second, as a clip. */
function hurry(ffmpeg: string, scene: string, speed: number): Clip {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-soak-'));
  try {
    const path = join(folder, 'scene.h264');
    const { width, height } = PICTURE;
    const picture = ['-an', '-vf', `fps=${FPS},scale=${width}:${height}`, '-pix_fmt', 'yuv420p'];
    const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-crf', '20'];
    const keys = ['-g', String(FPS * speed), '-f', 'h264', path];
    execFileSync(
      ffmpeg,
      ['-nostdin', '-y', '-loglevel', 'error', '-i', scene, ...picture, ...codec, ...keys],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    return { ...takeApart(readFileSync(path), 'h264'), fps: FPS * speed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

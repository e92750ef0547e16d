import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { findFfmpeg } from '../../server/cameras/find-ffmpeg.js';
import { encodeClip, makeClip } from '../fixtures/clip.js';
import { RtspCamera } from '../fixtures/rtsp-camera.js';
import { canSeeProcesses, ffmpegChildren } from './post.js';

it.skipIf(!canSeeProcesses)('leaves no ffmpeg behind when it is killed (needs /proc)', async () => {
  const ffmpeg = (await findFfmpeg({ env: {} })).path;
  const wish = { codec: 'h264', width: 320, height: 180 } as const;
  const live = await new RtspCamera({ clip: makeClip(ffmpeg, wish) }).open();
  const mute = await new RtspCamera({ clip: makeClip(ffmpeg, wish) }).open();
  mute.mute(true);

  const program = fileURLToPath(new URL('./orphan.ts', import.meta.url));
  const parent = spawn(
    process.execPath,
    ['--import', 'tsx', program, live.url, mute.url, encodeClip(ffmpeg, wish)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await once(parent.stdout, 'data');
  const children = [...ffmpegChildren(parent.pid).keys()];
  expect(children).toHaveLength(5);

  const killedAt = performance.now();
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  const left = () => children.filter((pid) => existsSync(`/proc/${pid}/cmdline`) && !isZombie(pid));
  const gone: number[] = [];
  while (left().length > 0 && performance.now() - killedAt < 20_000) {
    if (left().length <= 1 && gone.length === 0) gone.push(Math.round(performance.now() - killedAt));
    await pause(20);
  }
  console.log(
    `delivering ones gone after ${gone[0] ?? 0} ms, the one that waits for a mute camera after ${Math.round(performance.now() - killedAt)} ms`,
  );
  await Promise.all([live.close(), mute.close()]);
  expect(left()).toEqual([]);
  expect(gone[0] ?? 0).toBeLessThan(3000);
});

function isZombie(pid: number): boolean {
  try {
    return readState(pid) === 'Z';
  } catch {
    return true;
  }
}

function readState(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
}

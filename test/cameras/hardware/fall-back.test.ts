import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, describe, it } from 'vitest';
import { systemClock as clock } from '../../../server/base/clock.js';
import { findFfmpeg } from '../../../server/cameras/find-ffmpeg.js';
import { findHardware } from '../../../server/cameras/hardware/find-hardware.js';
import { useHardware } from '../../../server/cameras/hardware/hardware.js';
import { fileSource } from '../../../server/cameras/sources/file.js';
import { newFrame } from '../../../server/frames/frame.js';
import { encodeClip } from '../../fixtures/clip.js';
import { canSeeProcesses, ffmpegChildren, size } from '../post.js';

const ffmpeg = await findFfmpeg({
  env: { PATH: process.env['PATH'], FFMPEG_PATH: process.env['GATEHOUSE_TEST_FFMPEG'] },
});
const bundled = await findFfmpeg({ env: {} });
const working = (await findHardware(ffmpeg.path, 'cuda')).taken !== null;

afterAll(() => {
  if (canSeeProcesses) expect([...ffmpegChildren().values()]).toEqual([]);
});

describe.skipIf(working)(`an accelerator that fails${working ? ' (skipped: CUDA works here)' : ''}`, () => {
  it('leaves the camera to software, at once and from then on, with its video', async () => {
    const raw = encodeClip(bundled.path, { codec: 'h264', width: 320, height: 180, seconds: 1 });
    const path = join(mkdtempSync(join(tmpdir(), 'gatehouse-hardware-')), 'clip.mp4');
    execFileSync(bundled.path, ['-loglevel', 'error', '-i', raw, '-c', 'copy', path]);
    const told: string[] = [];
    // It worked when it was tried, and now it does not: the driver is gone, say.
    const hardware = useHardware({ taken: 'cuda', passedOver: [] }, (why) => told.push(why));
    const source = fileSource({ ...size, path }, { ffmpeg, clock, hardware });
    const seen = { frames: 0, fragments: 0, starts: 0 };
    const lines: string[] = [];
    const abort = new AbortController();
    const over = source.run(
      { ...size, writing: newFrame(size), publish: () => (seen.frames += 1) },
      abort.signal,
      {
        start: () => (seen.starts += 1),
        fragment: () => (seen.fragments += 1),
        end: () => undefined,
      },
    );
    const deadline = performance.now() + 15_000;
    while ((seen.frames < 5 || seen.fragments < 10) && performance.now() < deadline) await pause(10);
    if (canSeeProcesses) lines.push(...ffmpegChildren().values());
    abort.abort();
    await over;
    expect(seen.frames).toBeGreaterThanOrEqual(5);
    expect(seen.fragments).toBeGreaterThanOrEqual(10);
    expect(told).toEqual([expect.stringMatching(/^Hardware decoding \(cuda\) failed, software decodes: \S/)]);
    expect(hardware.options).toEqual([]);
    expect(lines.join()).not.toContain('-hwaccel');
  });
});

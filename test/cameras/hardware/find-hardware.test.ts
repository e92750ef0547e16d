import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { findFfmpeg } from '../../../server/cameras/find-ffmpeg.js';
import {
  accelerators,
  decodingOptions,
  trialArguments,
} from '../../../server/cameras/hardware/accelerator.js';
import { findHardware, type RunFfmpeg } from '../../../server/cameras/hardware/find-hardware.js';
import { useHardware } from '../../../server/cameras/hardware/hardware.js';

/** An ffmpeg that knows some accelerators, of which some work. */
function machine(known: readonly string[], works: readonly string[], encoder = 'libx264') {
  const asked: string[] = [];
  const run: RunFfmpeg = (args) => {
    const line = args.join(' ');
    if (line.includes('-hwaccels'))
      return Promise.resolve(`Hardware acceleration methods:\n${known.join('\n')}\n`);
    if (line.includes('testsrc2')) {
      return line.includes(`-c:v ${encoder} `)
        ? Promise.resolve('')
        : Promise.reject(new Error('no encoder'));
    }
    const name = /-hwaccel (\w+)/.exec(line)?.[1] ?? 'qsv';
    asked.push(name);
    if (works.includes(name)) return Promise.resolve('');
    const stderr = `[AVHWDeviceContext @ 0x55d0] No ${name} device found.\nDevice creation failed: -542398533.\n`;
    return Promise.reject(Object.assign(new Error('exit 1'), { stderr }));
  };
  return { run, asked };
}

describe('the arguments of an accelerator', () => {
  it('come before the input', () => {
    expect(decodingOptions('vaapi')).toEqual(['-hwaccel', 'vaapi']);
    expect(decodingOptions('cuda')).toEqual(['-hwaccel', 'cuda']);
    expect(decodingOptions('videotoolbox')).toEqual(['-hwaccel', 'videotoolbox']);
    expect(decodingOptions('qsv')).toEqual(['-c:v', 'h264_qsv']);
  });

  it.each(accelerators)('make a trial that software cannot pass: %s', (name) => {
    const line = trialArguments(name, 'clip.mp4').join(' ');
    expect(line).toContain(`${decodingOptions(name).join(' ')} `);
    if (name !== 'qsv')
      expect(line).toMatch(/-hwaccel_output_format \w+ -i clip\.mp4 -vf hwdownload,format=nv12 /);
  });
});

describe('hardware that decodes', () => {
  it('is the first that really works, and it is known why the others do not', async () => {
    const { run, asked } = machine(['cuda', 'vaapi', 'qsv'], ['vaapi', 'qsv']);
    expect(await findHardware('ffmpeg', 'auto', run)).toEqual({
      taken: 'vaapi',
      passedOver: [
        { name: 'videotoolbox', reason: 'this ffmpeg was built without it' },
        { name: 'cuda', reason: 'No cuda device found.' },
      ],
    });
    expect(asked).toEqual(['cuda', 'vaapi']);
  });

  it('is the one that is named, and no other', async () => {
    const { run, asked } = machine(['cuda', 'vaapi'], ['vaapi']);
    expect(await findHardware('ffmpeg', 'cuda', run)).toEqual({
      taken: null,
      passedOver: [{ name: 'cuda', reason: 'No cuda device found.' }],
    });
    expect(asked).toEqual(['cuda']);
  });

  it('is not looked for where it is off', async () => {
    const never: RunFfmpeg = () => Promise.reject(new Error('asked'));
    expect(await findHardware('ffmpeg', 'off', never)).toEqual({ taken: null, passedOver: [] });
  });

  it('is tried with whatever encoder there is; without one it is said so', async () => {
    const open = machine(['cuda'], ['cuda'], 'libopenh264');
    expect((await findHardware('ffmpeg', 'cuda', open.run)).taken).toBe('cuda');
    const none = machine(['cuda'], ['cuda'], 'none');
    expect(await findHardware('ffmpeg', 'cuda', none.run)).toEqual({
      taken: null,
      passedOver: [{ name: 'cuda', reason: 'no clip could be made to try it with' }],
    });
  });

  it('of this machine is found or passed over with reasons by the real ffmpeg, and nothing is left', async () => {
    const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('gatehouse-trial-')).length;
    const before = left();
    const { path } = await findFfmpeg({ env: {} });
    const { taken, passedOver } = await findHardware(path, 'auto');
    const last = taken === null ? accelerators.length : accelerators.indexOf(taken);
    expect(passedOver.map(({ name }) => name)).toEqual(accelerators.slice(0, last));
    for (const { reason } of passedOver) expect(reason).not.toBe('');
    expect(left()).toBe(before);
  });

  it('that fails while it runs is not used again, and it is said once', () => {
    const told: string[] = [];
    const hardware = useHardware({ taken: 'vaapi', passedOver: [] }, (why) => told.push(why));
    expect(hardware.options).toEqual(['-hwaccel', 'vaapi']);
    hardware.failed('the device is gone');
    hardware.failed('the device is gone');
    expect(hardware.options).toEqual([]);
    expect(told).toEqual(['Hardware decoding (vaapi) failed, software decodes: the device is gone']);
  });
});

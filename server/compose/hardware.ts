import type { Log } from '../base/log.js';
import { findHardware, type FoundHardware } from '../cameras/hardware/find-hardware.js';
import { useHardware, type Hardware } from '../cameras/hardware/hardware.js';
import type { HardwareWish } from '../cameras/hardware/accelerator.js';
import type { CameraConfig } from '../config.js';

export interface ComposedHardware {
  of(camera: string): Hardware;
  /** Cameras whose accelerator, named in the configuration, is not what decodes; in the operator's words. */
  problems(): string[];
}

/** Tries each kind of hardware decoding that a camera asks for, once, and says what is taken and why not another. */
export async function composeHardware(
  cameras: readonly CameraConfig[],
  ffmpeg: string,
  log: Log,
): Promise<ComposedHardware> {
  const found = new Map<HardwareWish, FoundHardware>();
  const problems: string[] = [];
  for (const wish of new Set(cameras.map(({ hardware }) => hardware))) {
    const result = await findHardware(ffmpeg, wish);
    found.set(wish, result);
    if (wish === 'off') continue;
    const { taken, passedOver } = result;
    const why = passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
    if (taken !== null) log.info({ hardware: taken, passedOver: why }, 'video is decoded by hardware');
    else if (wish === 'auto') log.info({ passedOver: why }, 'no hardware decodes video here; software does');
    else {
      log.warn({ code: 'HARDWARE_UNAVAILABLE' }, `software decodes video in place of ${why}`);
      problems.push(`Hardware decoding is not there, software decodes: ${why}`);
    }
  }
  const all = new Map(
    cameras.map(({ id, name, hardware }) => [
      id,
      useHardware(found.get(hardware)!, (why) => {
        log.warn({ code: 'HARDWARE_UNAVAILABLE', camera: id }, why);
        problems.push(`${name}: ${why}`);
      }),
    ]),
  );
  return { of: (camera) => all.get(camera)!, problems: () => problems };
}

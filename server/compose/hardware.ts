import type { Log } from '../base/log.js';
import type { HardwareWish } from '../cameras/hardware/accelerator.js';
import { findHardware, type FoundHardware } from '../cameras/hardware/find-hardware.js';
import { useHardware, type Hardware } from '../cameras/hardware/hardware.js';
import type { CameraConfig } from '../config.js';

export interface ComposedHardware {
  /** Tries each kind of hardware decoding that these cameras ask for and that was not tried yet. */
  prepare(cameras: readonly CameraConfig[]): Promise<void>;
  /** How a camera that `prepare` was told of is decoded, from now on. */
  of(camera: CameraConfig): Hardware;
  /** The camera is there no more, nor is what was wrong with it. */
  drop(camera: string): void;
  /** Cameras whose accelerator, named in the configuration, is not what decodes; in the operator's words. */
  problems(): string[];
}

/** Finds what decodes video here, once for each wish, and says what is taken and why not another. */
export function composeHardware(ffmpeg: string, log: Log): ComposedHardware {
  const found = new Map<HardwareWish, FoundHardware>();
  const refused = new Map<HardwareWish, string>();
  const wishes = new Map<string, HardwareWish>();
  const failed = new Map<string, string>();

  const find = async (wish: HardwareWish): Promise<void> => {
    const result = await findHardware(ffmpeg, wish);
    found.set(wish, result);
    if (wish === 'off') return;
    const { taken, passedOver } = result;
    const why = passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
    if (taken !== null) log.info({ hardware: taken, passedOver: why }, 'video is decoded by hardware');
    else if (wish === 'auto') log.info({ passedOver: why }, 'no hardware decodes video here; software does');
    else {
      log.warn({ code: 'HARDWARE_UNAVAILABLE' }, `software decodes video in place of ${why}`);
      refused.set(wish, `Hardware decoding is not there, software decodes: ${why}`);
    }
  };

  return {
    async prepare(cameras) {
      for (const wish of new Set(cameras.map(({ hardware }) => hardware)))
        if (!found.has(wish)) await find(wish);
    },
    of({ id, name, hardware }) {
      wishes.set(id, hardware);
      failed.delete(id);
      return useHardware(found.get(hardware)!, (why) => {
        log.warn({ code: 'HARDWARE_UNAVAILABLE', camera: id }, why);
        failed.set(id, `${name}: ${why}`);
      });
    },
    drop(camera) {
      wishes.delete(camera);
      failed.delete(camera);
    },
    problems: () => [
      ...new Set([...wishes.values()].flatMap((wish) => refused.get(wish) ?? [])),
      ...failed.values(),
    ],
  };
}

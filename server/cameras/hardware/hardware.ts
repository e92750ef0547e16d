import { decodingOptions } from './accelerator.js';
import type { FoundHardware } from './find-hardware.js';

/** How one camera's video is decoded. An accelerator that fails at it is not used again until the next start. */
export interface Hardware {
  /** ffmpeg's options before the input; none: software. */
  readonly options: readonly string[];
  /** The accelerator failed while it ran: from now on software decodes. */
  failed(why: string): void;
}

/**
 * @param found what works on this machine
 * @param onFailure told once, in words
 */
export function useHardware({ taken }: FoundHardware, onFailure: (why: string) => void): Hardware {
  let options = taken === null ? [] : decodingOptions(taken);
  return {
    get options() {
      return options;
    },
    failed(why) {
      if (options.length === 0) return;
      options = [];
      onFailure(`Hardware decoding (${taken}) failed, software decodes: ${why}`);
    },
  };
}

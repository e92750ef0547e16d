import { SourceFault, type Source } from '../source.js';
import type { FfmpegTools } from '../sources/run-ffmpeg.js';
import { Alertness } from './alertness.js';
import type { SourceAttention } from './attention.js';
import { Vigil, type VigilOptions } from './vigil.js';

export interface AttentiveOptions extends VigilOptions {
  /** Told once where it turns out that the camera cannot be watched like this, with why, in the operator's words. */
  readonly refused?: (why: string) => void;
}

/** The same camera, in two ways. */
export interface AttentiveSources {
  /** Copies all of the video and decodes nothing. */
  readonly copied: Source;
  /** Decodes every wished frame. */
  readonly all: Source;
}

/** A source that can be quiet. */
export interface AttentiveSource extends Source {
  readonly attention: SourceAttention;
  readonly undecoded: number;
}

/**
 * A camera that costs next to nothing while nothing happens: its video is copied and held for a few seconds, and a
 * decoder is fed its key pictures only. When something moves or somebody is followed it is fed all of it, from a little before
 * that on, until it is quiet again; and never more than it can decode in time (docs/decisions/attention.md).
 *
 * A camera that this is not possible with (no video to copy, no key pictures) is run in full instead, from then on.
 */
export function attentiveSource(
  options: AttentiveOptions,
  sources: AttentiveSources,
  tools: FfmpegTools,
): AttentiveSource {
  const { clock } = tools;
  const alertness = new Alertness(options.quietMs);
  let never: string | null = null;
  let vigil: Vigil | null = null;
  /** Of connections that are over. */
  let undecoded = 0;
  return {
    attention: {
      get state() {
        return alertness.state;
      },
      wakes: alertness.wakes,
      get awakeSeconds() {
        return alertness.awakeSeconds(clock.monotonic());
      },
      get never() {
        return never;
      },
      attend: () => vigil?.attend(),
    },
    get undecoded() {
      return undecoded + (vigil?.undecoded ?? 0);
    },
    async run(sink, signal, video) {
      if (never === null) {
        vigil = new Vigil(options, alertness, tools, sink, video);
        try {
          never = await vigil.run(sources.copied, signal);
        } catch (fault) {
          if (!(fault instanceof SourceFault) || fault.code !== 'VIDEO_UNUSABLE') throw fault;
          never = 'its video cannot be copied';
        } finally {
          undecoded += vigil.undecoded;
          vigil = null;
        }
        if (never !== null) options.refused?.(never);
        if (signal.aborted) return;
      }
      await sources.all.run(sink, signal, video);
    },
  };
}

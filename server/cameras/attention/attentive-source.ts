import type { Source } from '../source.js';
import type { FrameWish } from '../sources/plan.js';
import type { FfmpegTools } from '../sources/run-ffmpeg.js';
import { Alertness } from './alertness.js';
import type { SourceAttention } from './attention.js';
import { Vigil, type MotionWatch } from './vigil.js';

export interface AttentiveOptions extends FrameWish {
  /** Without motion or anybody followed for so long the camera falls asleep, ms. */
  readonly quietMs: number;
  /** Compares pictures of one camera with the one before; made anew for each connection. */
  readonly watchMotion: () => MotionWatch;
  /** Told once where it turns out that the camera can never be quiet, with why, in the operator's words. */
  readonly refused?: (why: string) => void;
}

/** The same camera, in two ways. */
export interface AttentiveSources {
  /** Decodes key pictures only, and copies all of the video. */
  readonly key: Source;
  /** Decodes every wished frame. */
  readonly all: Source;
}

/** A source that can be quiet. */
export interface AttentiveSource extends Source {
  readonly attention: SourceAttention;
}

/**
 * A camera that costs next to nothing while nothing happens: of its one connection only the key pictures are decoded,
 * and the rest of the video is held for a few seconds. When something moves or somebody is followed, a second ffmpeg
 * decodes all of it, from a little before that on, until it is quiet again (docs/decisions/attention.md).
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
    async run(sink, signal, video) {
      if (never === null) {
        vigil = new Vigil(options, alertness, tools, sink, video);
        try {
          never = await vigil.run(sources.key, signal);
        } finally {
          vigil = null;
        }
        if (never !== null) options.refused?.(never);
        if (signal.aborted) return;
      }
      await sources.all.run(sink, signal, video);
    },
  };
}

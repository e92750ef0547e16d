import type { VideoFragment } from '../../../server/frames/video.js';

/** Pictures of a made-up video: `group` pictures from one key picture to the next. */
export function fragmentsOf(count: number, { group = 25, fps = 25, bytes = 1000 } = {}): VideoFragment[] {
  return Array.from({ length: count }, (_, index) => {
    const keyframe = index % group === 0;
    const sampleBytes = keyframe ? bytes * 10 : bytes;
    return {
      bytes: new Uint8Array(sampleBytes).fill(index),
      keyframe,
      decodeTimeMs: (index * 1000) / fps,
      compositionMs: 0,
      durationMs: 1000 / fps,
      sampleBytes,
    };
  });
}

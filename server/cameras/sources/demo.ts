import { GatehouseError } from '../../base/errors.js';
import { SourceFault, type Source } from '../source.js';
import { fileSource } from './file.js';
import type { FrameWish } from './plan.js';
import type { FfmpegTools } from './run-ffmpeg.js';

/**
 * A drawn scene, played as a file for ever.
 *
 * @param clip gives the path of the scene's clip, and may take its time to draw it the first time
 */
export function demoSource(wish: FrameWish, clip: () => Promise<string>, tools: FfmpegTools): Source {
  return {
    async run(sink, signal, video) {
      let path: string;
      try {
        path = await clip();
      } catch (cause) {
        const why = cause instanceof GatehouseError ? cause.message : 'The scene could not be drawn.';
        throw new SourceFault('CAMERA_FAILED', why, 'slowly', { cause });
      }
      await fileSource({ ...wish, path }, tools).run(sink, signal, video);
    },
  };
}

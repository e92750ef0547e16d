import type { MessagePort } from 'node:worker_threads';
import sharp from 'sharp';
import type { YuvPicture } from '../frames/frame.js';
import type { DrawRgb } from '../frames/to-rgb.js';
import { FreeBuffers } from './free-buffers.js';
import { END, type MadePicture, type WantedPicture } from './live-picture-messages.js';

/** Longest side of the pictures that are sent, pixels. */
const LIVE_WIDTH = 960;
const JPEG_QUALITY = 72;
/**
 * Of buffers of RGB that are kept between pictures: ten of 1080p, two of 4K. As many are in use at once as pictures are being
 * encoded, which are those of a batch or two. One for each picture would be a hundred MiB a second with four cameras.
 */
const FREE_BYTES = 64 * 1024 * 1024;

/**
 * What the thread of live pictures does: answers each picture with its JPEG until it is told to end.
 *
 * @param draw makes a picture to RGB
 */
export function serveLivePictures(port: MessagePort, draw: DrawRgb): void {
  const buffers = new FreeBuffers(FREE_BYTES);
  const underWay = new Set<Promise<void>>();

  const encode = async (picture: YuvPicture): Promise<Uint8Array> => {
    const { width, height } = picture;
    const rgb = buffers.take(width * height * 3);
    try {
      draw(picture, rgb);
      return await sharp(rgb, { raw: { width, height, channels: 3 } })
        .resize({ width: Math.min(LIVE_WIDTH, width), kernel: 'linear', fastShrinkOnLoad: true })
        .jpeg({ quality: JPEG_QUALITY, mozjpeg: false })
        .toBuffer();
    } finally {
      buffers.giveBack(rgb);
    }
  };

  const answer = async ({ id, camera, picture }: WantedPicture): Promise<void> => {
    const made: MadePicture = await encode(picture).then(
      (jpeg) => ({ id, camera, jpeg, problem: null }),
      (error: unknown) => ({ id, camera, jpeg: null, problem: (error as Error).message }),
    );
    port.postMessage(made);
  };

  port.on('message', (message: WantedPicture | typeof END) => {
    if (message === END) {
      void Promise.all(underWay).finally(() => port.close());
      return;
    }
    const work = answer(message).finally(() => underWay.delete(work));
    underWay.add(work);
  });
}

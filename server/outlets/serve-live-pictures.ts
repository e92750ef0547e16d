import type { MessagePort } from 'node:worker_threads';
import sharp from 'sharp';
import type { YuvPicture } from '../frames/frame.js';
import type { DrawRgb } from '../frames/to-rgb.js';
import { END, type MadePicture, type WantedPicture } from './live-picture-messages.js';

/** Longest side of the pictures that are sent, pixels. */
const LIVE_WIDTH = 960;
const JPEG_QUALITY = 72;

/**
 * What the thread of live pictures does: answers each picture with its JPEG until it is told to end.
 *
 * @param draw makes a picture to RGB
 */
export function serveLivePictures(port: MessagePort, draw: DrawRgb): void {
  /**
   * Buffers of RGB that nobody reads at the moment. One for each picture would be a hundred MiB a second outside of the heap with four
   * cameras, for which V8 marks its whole heap.
   */
  let free: Buffer[] = [];
  const underWay = new Set<Promise<void>>();

  const encode = async (picture: YuvPicture): Promise<Uint8Array> => {
    const { width, height } = picture;
    const bytes = width * height * 3;
    // Of cameras of another size, that may never come again.
    free = free.filter(({ length }) => length === bytes);
    const rgb = free.pop() ?? Buffer.allocUnsafeSlow(bytes);
    try {
      draw(picture, rgb);
      return await sharp(rgb, { raw: { width, height, channels: 3 } })
        .resize({ width: Math.min(LIVE_WIDTH, width), kernel: 'linear', fastShrinkOnLoad: true })
        .jpeg({ quality: JPEG_QUALITY, mozjpeg: false })
        .toBuffer();
    } finally {
      free.push(rgb);
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

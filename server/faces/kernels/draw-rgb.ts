import type { YuvPicture } from '../../frames/frame.js';
import { drawRgbPlainly, yuvCoefficients, type DrawRgb } from '../../frames/to-rgb.js';
import { PAGE, type Kernels } from './kernels.js';
import { openKernels } from './open-kernels.js';

/** Whether the kernel can: it draws 16 pixels of two rows at a time, and needs room for the planes. */
export function canDraw(picture: YuvPicture, room: Uint8Array): boolean {
  return picture.width >= 16 && picture.planes.length <= room.length;
}

/**
 * Draws a picture in RGB.
 *
 * @param room where the kernel can read the planes, which are copied there
 * @param rgb where it can write
 */
export function drawRgb(kernels: Kernels, picture: YuvPicture, room: Uint8Array, rgb: Uint8Array): void {
  const { width, height, planes, matrix } = picture;
  const { y, rv, gu, gv, bu } = yuvCoefficients[matrix];
  room.set(planes);
  kernels.rgbOf(room.byteOffset, width, height, rgb.byteOffset, y, rv, gu, gv, bu);
}

/** Bytes: a frame of 3840 x 2160 in planes, and in RGB. */
const PLANES = (3840 * 2160 * 3) / 2;
const RGB = 2 * PLANES;

/** Draws by the kernel whatever comes, one after another, to wherever it is wanted; in JavaScript where there is none. */
export async function openRgbDrawing(from?: URL): Promise<DrawRgb> {
  const opened = await openKernels(from, PAGE + PLANES + RGB);
  if (!opened) return drawRgbPlainly;
  const { buffer, kernels } = opened;
  const room = new Uint8Array(buffer, PAGE, PLANES);
  return (picture, rgb) => {
    if (!canDraw(picture, room)) {
      drawRgbPlainly(picture, rgb);
      return;
    }
    const drawn = new Uint8Array(buffer, PAGE + PLANES, picture.width * picture.height * 3);
    drawRgb(kernels, picture, room, drawn);
    rgb.set(drawn);
  };
}

import { isYuv, type Picture, type YuvPicture } from '../frames/frame.js';
import { drawRgbPlainly } from '../frames/to-rgb.js';

/** Lays the pictures of a batch in RGB to where they are worked on, in place of those of the last call. */
export type Bring = (pictures: readonly (Picture | YuvPicture)[]) => Picture[];

/** In JavaScript, into memory that is used again and again; pictures in RGB stay where they are. */
export function bringPlainly(): Bring {
  const bring = rgbPictures();
  return (pictures) => pictures.map(bring);
}

/** The same for one picture at a time, by its place in the batch. */
export function rgbPictures(): (picture: Picture | YuvPicture, index: number) => Picture {
  const kept: Uint8Array[] = [];
  return (picture, index) => {
    if (!isYuv(picture)) return picture;
    const { width, height } = picture;
    const bytes = width * height * 3;
    if (!kept[index] || kept[index].length < bytes) kept[index] = new Uint8Array(bytes);
    const pixels = kept[index].subarray(0, bytes);
    drawRgbPlainly(picture, pixels);
    return { width, height, pixels };
  };
}

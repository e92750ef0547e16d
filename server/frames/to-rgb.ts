import type { YuvMatrix, YuvPicture } from './frame.js';

/**
 * What one level of luma (`y`), U and V adds to red, green and blue, in 8192ths of a level: `rv` of V to red, `gu` and `gv` to green,
 * `bu` of U to blue. From limited range to 0..255.
 */
export interface Coefficients {
  readonly y: number;
  readonly rv: number;
  readonly gu: number;
  readonly gv: number;
  readonly bu: number;
}

const ONE = 8192;

/** @param kr share of red in luma, `kb` that of blue */
function coefficients(kr: number, kb: number): Coefficients {
  const whole = (levels: number, factor: number): number => Math.round((255 / levels) * factor * ONE);
  const kg = 1 - kr - kb;
  return {
    y: whole(219, 1),
    rv: whole(224, 2 * (1 - kr)),
    gu: whole(224, (-2 * kb * (1 - kb)) / kg),
    gv: whole(224, (-2 * kr * (1 - kr)) / kg),
    bu: whole(224, 2 * (1 - kb)),
  };
}

export const yuvCoefficients: Readonly<Record<YuvMatrix, Coefficients>> = {
  bt601: coefficients(0.299, 0.114),
  bt709: coefficients(0.2126, 0.0722),
  bt2020: coefficients(0.2627, 0.0593),
  smpte240m: coefficients(0.212, 0.087),
};

/** Sums are in 32nds of a level. */
const ROUND = 16;
const SHIFT = 5;

/** What each of the 256 levels of a plane adds to a colour, 32nds of a level. */
function added(coefficient: number, zero: number, rounding = 0): Int32Array {
  // The very steps of the kernel's q15mulr (server/faces/kernels/assembly/rgb.ts).
  return Int32Array.from(
    { length: 256 },
    (_, level) => (((level - zero) * 128 * coefficient + 16384) >> 15) + rounding,
  );
}

function tablesOf({ y, rv, gu, gv, bu }: Coefficients) {
  return {
    y: added(y, 16, ROUND),
    rv: added(rv, 128),
    gu: added(gu, 128),
    gv: added(gv, 128),
    bu: added(bu, 128),
  };
}

const tables = new Map<YuvMatrix, ReturnType<typeof tablesOf>>();

/** Draws all of a picture in RGB: `rgb` receives height x width x 3 bytes. */
export type DrawRgb = (picture: YuvPicture, rgb: Uint8Array) => void;

/** In JavaScript, which takes ten times as long as the kernel (server/faces/kernels/draw-rgb.ts). */
export const drawRgbPlainly: DrawRgb = (picture, rgb) => {
  const { width, height } = picture;
  toRgb(picture, { x: 0, y: 0, width, height }, rgb);
};

/**
 * A part of a picture in RGB. Each pixel takes the chroma of its 2 x 2 pixels as it is (nearest), as ffmpeg's own conversion does.
 *
 * @param part pixels of the picture, whole numbers, inside of it
 * @param rgb receives height x width x 3 bytes of the part, row by row, R G B, 0..255
 */
export function toRgb(
  { width, height, planes, matrix }: YuvPicture,
  part: { x: number; y: number; width: number; height: number },
  rgb: Uint8Array,
): void {
  let added = tables.get(matrix);
  if (!added) tables.set(matrix, (added = tablesOf(yuvCoefficients[matrix])));
  const { y: ofY, rv, gu, gv, bu } = added;
  const target = new Uint8ClampedArray(rgb.buffer, rgb.byteOffset, part.width * part.height * 3);
  const line = width >> 1;
  const uPlane = width * height;
  const vPlane = uPlane + line * (height >> 1);
  const right = part.x + part.width;
  let at = 0;
  for (let y = part.y; y < part.y + part.height; y += 1) {
    const row = y * width;
    const chroma = (y >> 1) * line;
    for (let x = part.x; x < right;) {
      const pair = x >> 1;
      const u = planes[uPlane + chroma + pair];
      const v = planes[vPlane + chroma + pair];
      const red = rv[v];
      const green = gu[u] + gv[v];
      const blue = bu[u];
      for (const next = Math.min(right, 2 * pair + 2); x < next; x += 1, at += 3) {
        const luma = ofY[planes[row + x]];
        target[at] = (luma + red) >> SHIFT;
        target[at + 1] = (luma + green) >> SHIFT;
        target[at + 2] = (luma + blue) >> SHIFT;
      }
    }
  }
}

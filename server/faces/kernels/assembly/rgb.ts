// Planar YUV 4:2:0 to RGB, 16 pixels of two rows at a time.

/**
 * A whole picture in RGB, each pixel with the chroma of its 2 x 2 pixels as it is.
 *
 * @param planes height x width bytes of luma, then height / 2 x width / 2 of U and as many of V; both even, width 16 at least
 * @param target receives height x width x 3 bytes, R G B, and not a byte behind them
 * @param ofY what a level adds, in 8192ths: see Coefficients in server/frames/to-rgb.ts
 */
export function rgbOf(
  planes: usize,
  width: i32,
  height: i32,
  target: usize,
  ofY: i32,
  rv: i32,
  gu: i32,
  gv: i32,
  bu: i32,
): void {
  const y8 = i16x8.splat(<i16>ofY);
  const rv8 = i16x8.splat(<i16>rv);
  const gu8 = i16x8.splat(<i16>gu);
  const gv8 = i16x8.splat(<i16>gv);
  const bu8 = i16x8.splat(<i16>bu);
  const grey = i16x8.splat(128);
  // Black, and half of a level, for what is cut off in the end.
  const black = i16x8.splat(16);
  const chromaLine = width >> 1;
  let us = planes + width * height;
  let vs = us + chromaLine * (height >> 1);
  const last = width - 16;
  for (let row = 0; row < height; row += 2) {
    for (let x = 0; x < width; x += 16) {
      // The last ones of a row may be drawn twice.
      const left = min<i32>(x, last);
      const u = i16x8.shl(i16x8.sub(v128.load8x8_u(us + (left >> 1)), grey), 7);
      const v = i16x8.shl(i16x8.sub(v128.load8x8_u(vs + (left >> 1)), grey), 7);
      // What chroma adds to 8 pairs of pixels, 32nds of a level; each twice, for the two pixels of a pair.
      const red = i16x8.q15mulr_sat_s(v, rv8);
      const green = i16x8.add(i16x8.q15mulr_sat_s(u, gu8), i16x8.q15mulr_sat_s(v, gv8));
      const blue = i16x8.q15mulr_sat_s(u, bu8);
      const red1 = i16x8.shuffle(red, red, 0, 0, 1, 1, 2, 2, 3, 3);
      const red2 = i16x8.shuffle(red, red, 4, 4, 5, 5, 6, 6, 7, 7);
      const green1 = i16x8.shuffle(green, green, 0, 0, 1, 1, 2, 2, 3, 3);
      const green2 = i16x8.shuffle(green, green, 4, 4, 5, 5, 6, 6, 7, 7);
      const blue1 = i16x8.shuffle(blue, blue, 0, 0, 1, 1, 2, 2, 3, 3);
      const blue2 = i16x8.shuffle(blue, blue, 4, 4, 5, 5, 6, 6, 7, 7);
      let at = planes + left;
      let to = target + left * 3;
      for (let line = 0; line < 2; line += 1) {
        const ys1 = i16x8.shl(i16x8.sub(v128.load8x8_u(at), black), 7);
        const ys2 = i16x8.shl(i16x8.sub(v128.load8x8_u(at, 8), black), 7);
        const y1 = i16x8.add(i16x8.q15mulr_sat_s(ys1, y8), black);
        const y2 = i16x8.add(i16x8.q15mulr_sat_s(ys2, y8), black);
        const r = i8x16.narrow_i16x8_u(
          i16x8.shr_s(i16x8.add(y1, red1), 5),
          i16x8.shr_s(i16x8.add(y2, red2), 5),
        );
        const g = i8x16.narrow_i16x8_u(
          i16x8.shr_s(i16x8.add(y1, green1), 5),
          i16x8.shr_s(i16x8.add(y2, green2), 5),
        );
        const b = i8x16.narrow_i16x8_u(
          i16x8.shr_s(i16x8.add(y1, blue1), 5),
          i16x8.shr_s(i16x8.add(y2, blue2), 5),
        );
        const low = i8x16.shuffle(r, g, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        const high = i8x16.shuffle(r, g, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        const mid = i8x16.shuffle(low, high, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 0, 0, 0, 0, 0);
        v128.store(to, i8x16.shuffle(low, b, 0, 1, 16, 2, 3, 17, 4, 5, 18, 6, 7, 19, 8, 9, 20, 10));
        v128.store(to, i8x16.shuffle(mid, b, 0, 21, 1, 2, 22, 3, 4, 23, 5, 6, 24, 7, 8, 25, 9, 10), 16);
        v128.store(
          to,
          i8x16.shuffle(high, b, 26, 6, 7, 27, 8, 9, 28, 10, 11, 29, 12, 13, 30, 14, 15, 31),
          32,
        );
        at += width;
        to += width * 3;
      }
    }
    planes += 2 * width;
    target += 6 * width;
    us += chromaLine;
    vs += chromaLine;
  }
}

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
  const chromaLine = width >> 1;
  let u = planes + width * height;
  let v = u + chromaLine * (height >> 1);
  const last = width - 16;
  for (let row = 0; row < height; row += 2) {
    for (let x = 0; x < width; x += 16) {
      // The last ones of a row may be drawn twice.
      const left = min<i32>(x, last);
      const us = i16x8.shl(i16x8.sub(i16x8.extend_low_i8x16_u(v128.load64_zero(u + (left >> 1))), grey), 7);
      const vs = i16x8.shl(i16x8.sub(i16x8.extend_low_i8x16_u(v128.load64_zero(v + (left >> 1))), grey), 7);
      const red = i16x8.q15mulr_sat_s(vs, rv8);
      const green = i16x8.add(i16x8.q15mulr_sat_s(us, gu8), i16x8.q15mulr_sat_s(vs, gv8));
      const blue = i16x8.q15mulr_sat_s(us, bu8);
      const at = planes + left;
      const to = target + left * 3;
      drawRow(at, to, y8, red, green, blue);
      drawRow(at + width, to + width * 3, y8, red, green, blue);
    }
    planes += 2 * width;
    target += 6 * width;
    u += chromaLine;
    v += chromaLine;
  }
}

/** 16 pixels of a row. `red`, `green` and `blue` are what 8 samples of chroma add, 32nds of a level. */
function drawRow(at: usize, to: usize, ofY: v128, red: v128, green: v128, blue: v128): void {
  const ys = v128.load(at);
  const black = i16x8.splat(16);
  const first = i16x8.add(
    i16x8.q15mulr_sat_s(i16x8.shl(i16x8.sub(i16x8.extend_low_i8x16_u(ys), black), 7), ofY),
    black,
  );
  const second = i16x8.add(
    i16x8.q15mulr_sat_s(i16x8.shl(i16x8.sub(i16x8.extend_high_i8x16_u(ys), black), 7), ofY),
    black,
  );
  const r = colour(first, second, red);
  const g = colour(first, second, green);
  const b = colour(first, second, blue);
  const low = i8x16.shuffle(r, g, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const high = i8x16.shuffle(r, g, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  const middle = i8x16.shuffle(low, high, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 0, 0, 0, 0, 0);
  v128.store(to, i8x16.shuffle(low, b, 0, 1, 16, 2, 3, 17, 4, 5, 18, 6, 7, 19, 8, 9, 20, 10));
  v128.store(to, i8x16.shuffle(middle, b, 0, 21, 1, 2, 22, 3, 4, 23, 5, 6, 24, 7, 8, 25, 9, 10), 16);
  v128.store(to, i8x16.shuffle(high, b, 26, 6, 7, 27, 8, 9, 28, 10, 11, 29, 12, 13, 30, 14, 15, 31), 32);
}

/** One colour of 16 pixels: their luma, and twice each the chroma, 0..255. */
function colour(first: v128, second: v128, chroma: v128): v128 {
  return i8x16.narrow_i16x8_u(
    i16x8.shr_s(i16x8.add(first, i16x8.shuffle(chroma, chroma, 0, 0, 1, 1, 2, 2, 3, 3)), 5),
    i16x8.shr_s(i16x8.add(second, i16x8.shuffle(chroma, chroma, 4, 4, 5, 5, 6, 6, 7, 7)), 5),
  );
}

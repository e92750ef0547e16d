// Cutting out of a picture in which all of the crop lies. Places are 65536ths of a pixel; x and y are of the row's first sample.

/** Bytes of a pixel: red, green, blue. */
const PIXEL = 3;
/** Interpolation counts the part of the right neighbour in this many. */
const PARTS = 16384;

/**
 * One row of a crop, each pixel the mean of samples x samples pixels of the picture.
 *
 * @param pixels the picture, `line` bytes a row, below 32768
 * @param alongX from a sample to the next in the crop's row, in the picture
 * @param acrossX from a sample to the one below it
 * @param target receives size x 3 floats, 0..255
 */
export function averageRow(
  pixels: usize,
  line: i32,
  x: i32,
  y: i32,
  alongX: i32,
  alongY: i32,
  acrossX: i32,
  acrossY: i32,
  samples: i32,
  target: usize,
  size: i32,
): void {
  if (samples == 2) return meanOfFour(pixels, line, x, y, alongX, alongY, acrossX, acrossY, target, size);
  const share = f32x4.splat(<f32>1 / <f32>(samples * samples));
  for (const end = target + size * 12; target < end; target += 12) {
    let sum = i16x8.splat(0);
    for (let along = 0; along < samples; along += 1) {
      let u = x;
      let v = y;
      for (let across = 0; across < samples; across += 1) {
        const at = pixels + (v >> 16) * line + (u >> 16) * PIXEL;
        sum = i16x8.add(sum, i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
        u += acrossX;
        v += acrossY;
      }
      x += alongX;
      y += alongY;
    }
    storePixel(target, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(sum)), share));
  }
}

/** The places of all four samples at once: what most crops of faces are made of. */
function meanOfFour(
  pixels: usize,
  line: i32,
  x: i32,
  y: i32,
  alongX: i32,
  alongY: i32,
  acrossX: i32,
  acrossY: i32,
  target: usize,
  size: i32,
): void {
  let xs = i32x4(x, x + acrossX, x + alongX, x + acrossX + alongX);
  let ys = i32x4(y, y + acrossY, y + alongY, y + acrossY + alongY);
  const nextX = i32x4.splat(2 * alongX);
  const nextY = i32x4.splat(2 * alongY);
  const whole = i32x4.splat(0xffff0000);
  // A row's and a pixel's bytes, by which whole rows and pixels are multiplied and added up.
  const bytes = i32x4.splat((line << 16) | PIXEL);
  const quarter = f32x4.splat(0.25);
  for (const end = target + size * 12; target < end; target += 12) {
    const places = v128.or(v128.and(ys, whole), i32x4.shr_u(xs, 16));
    const at = i32x4.dot_i16x8_s(places, bytes);
    const upper = i16x8.add(
      i16x8.extend_low_i8x16_u(v128.load32_zero(pixels + i32x4.extract_lane(at, 0))),
      i16x8.extend_low_i8x16_u(v128.load32_zero(pixels + i32x4.extract_lane(at, 1))),
    );
    const lower = i16x8.add(
      i16x8.extend_low_i8x16_u(v128.load32_zero(pixels + i32x4.extract_lane(at, 2))),
      i16x8.extend_low_i8x16_u(v128.load32_zero(pixels + i32x4.extract_lane(at, 3))),
    );
    const sum = i32x4.extend_low_i16x8_u(i16x8.add(upper, lower));
    storePixel(target, f32x4.mul(f32x4.convert_i32x4_u(sum), quarter));
    xs = i32x4.add(xs, nextX);
    ys = i32x4.add(ys, nextY);
  }
}

/** One row of a crop that does not shrink, interpolated bilinearly. Parameters as in averageRow. */
export function interpolateRow(
  pixels: usize,
  line: i32,
  x: i32,
  y: i32,
  alongX: i32,
  alongY: i32,
  target: usize,
  size: i32,
): void {
  for (const end = target + size * 12; target < end; target += 12) {
    const at = pixels + (y >> 16) * line + (x >> 16) * PIXEL;
    const right = (x & 0xffff) >> 2;
    // Left and right neighbour side by side, so that one multiplication weighs and adds both.
    const parts = i32x4.splat((right << 16) | (PARTS - right));
    const upper = f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(neighbours(at), parts));
    const lower = f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(neighbours(at + line), parts));
    const below = f32x4.splat(<f32>(y & 0xffff) * <f32>(1.0 / 65536));
    const mixed = f32x4.add(upper, f32x4.mul(f32x4.sub(lower, upper), below));
    storePixel(target, f32x4.mul(mixed, f32x4.splat(<f32>1 / <f32>PARTS)));
    x += alongX;
    y += alongY;
  }
}

/** A pixel and the one to its right in 16 bits each: R R G G B B. */
// @ts-ignore: decorator
@inline
function neighbours(at: usize): v128 {
  const zero = i8x16.splat(0);
  return i8x16.shuffle(v128.load64_zero(at), zero, 0, 16, 3, 16, 1, 16, 4, 16, 2, 16, 5, 16, 16, 16, 16, 16);
}

/** Red, green and blue, and not a byte behind them. */
// @ts-ignore: decorator
@inline
function storePixel(target: usize, pixel: v128): void {
  v128.store64_lane(target, pixel, 0);
  v128.store32_lane(target, pixel, 2, 8);
}

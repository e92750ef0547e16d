/**
 * Draws a picture at exactly a quarter of its size: each pixel is the mean of sixteen.
 *
 * @param pixels the first pixel to draw, of a picture of `line` bytes a row; up to 4 bytes behind the last are read
 * @param canvas receives width x height x 3 floats, 0..255, `canvasLine` bytes a row
 */
export function quarter(
  pixels: usize,
  line: i32,
  width: i32,
  height: i32,
  canvas: usize,
  canvasLine: i32,
): void {
  const share = f32x4.splat(<f32>(1.0 / 16));
  for (let y = 0; y < height; y += 1) {
    let at = pixels + y * 4 * line;
    let target = canvas + y * canvasLine;
    for (const end = target + width * 12; target < end; target += 12) {
      const a = v128.load(at);
      const b = v128.load(at + line);
      const c = v128.load(at + 2 * line);
      const d = v128.load(at + 3 * line);
      // Four pixels are twelve bytes: R G B R G B R G and B R G B, each summed up over the four rows.
      const first = i16x8.add(
        i16x8.add(i16x8.extend_low_i8x16_u(a), i16x8.extend_low_i8x16_u(b)),
        i16x8.add(i16x8.extend_low_i8x16_u(c), i16x8.extend_low_i8x16_u(d)),
      );
      const last = i16x8.add(
        i16x8.add(i16x8.extend_high_i8x16_u(a), i16x8.extend_high_i8x16_u(b)),
        i16x8.add(i16x8.extend_high_i8x16_u(c), i16x8.extend_high_i8x16_u(d)),
      );
      const second = i16x8.shuffle(first, last, 3, 4, 5, 5, 5, 5, 5, 5);
      const third = i16x8.shuffle(first, last, 6, 7, 8, 8, 8, 8, 8, 8);
      const fourth = i16x8.shuffle(first, last, 9, 10, 11, 11, 11, 11, 11, 11);
      const sum = i16x8.add(i16x8.add(first, second), i16x8.add(third, fourth));
      const mean = f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(sum)), share);
      v128.store64_lane(target, mean, 0);
      v128.store32_lane(target, mean, 2, 8);
      at += 12;
    }
  }
}

/**
 * Draws a picture smaller: each pixel is the mean of samples x samples, 16 x 16 at most.
 *
 * @param columns byte offset of each sample within a row, width x samples of them, 32 bits each
 * @param rows byte offset of each row that is sampled, height x samples of them
 * @param canvas receives width x height x 3 floats, 0..255, `canvasLine` bytes a row
 */
export function averageSamples(
  pixels: usize,
  columns: usize,
  rows: usize,
  samples: i32,
  width: i32,
  height: i32,
  canvas: usize,
  canvasLine: i32,
): void {
  const share = f32x4.splat(<f32>1 / <f32>(samples * samples));
  const step = samples * 4;
  for (let y = 0; y < height; y += 1) {
    let target = canvas + y * canvasLine;
    let column = columns;
    for (const end = target + width * 12; target < end; target += 12) {
      let sum = i16x8.splat(0);
      for (let row = rows; row < rows + step; row += 4) {
        const line = pixels + load<u32>(row);
        for (let at = column; at < column + step; at += 4)
          sum = i16x8.add(sum, i16x8.extend_low_i8x16_u(v128.load32_zero(line + load<u32>(at))));
      }
      const mean = f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(sum)), share);
      v128.store64_lane(target, mean, 0);
      v128.store32_lane(target, mean, 2, 8);
      column += step;
    }
    rows += step;
  }
}

/**
 * Counts how bright every other pixel of every other row is.
 *
 * @param canvas width x height x 3 floats, 0..255, `line` bytes a row
 * @param counts 256 counts of 32 bits, to which is added
 */
export function countBrightness(canvas: usize, line: i32, width: i32, height: i32, counts: usize): void {
  for (let y = 0; y < height; y += 2) {
    let at = canvas + y * line;
    for (let x = 0; x < width; x += 2, at += 24) {
      const brightness =
        <f64>load<f32>(at) * 0.299 + <f64>load<f32>(at, 4) * 0.587 + <f64>load<f32>(at, 8) * 0.114;
      const count = counts + (min<i32>(255, <i32>brightness) << 2);
      store<u32>(count, load<u32>(count) + 1);
    }
  }
}

/** Each of width x height x 3 floats times `factor` and plus `offset`, kept within 0..255. */
export function spread(canvas: usize, line: i32, width: i32, height: i32, factor: f32, offset: f32): void {
  const factors = f32x4.splat(factor);
  const offsets = f32x4.splat(offset);
  const least = f32x4.splat(0);
  const most = f32x4.splat(255);
  for (let y = 0; y < height; y += 1) {
    let at = canvas + y * line;
    const end = at + width * 12;
    for (; at + 16 <= end; at += 16)
      v128.store(
        at,
        f32x4.min(most, f32x4.max(least, f32x4.add(f32x4.mul(v128.load(at), factors), offsets))),
      );
    for (; at < end; at += 4) store<f32>(at, min<f32>(255, max<f32>(0, load<f32>(at) * factor + offset)));
  }
}

/**
 * All products of two sets of rows: out[i * many + j] = starts[j] + sum of a[i][..] * b[j][..].
 *
 * @param a count x length floats; count is a multiple of 4
 * @param b many x length floats; many is a multiple of 2
 * @param starts many floats
 * @param length a multiple of 4
 * @param out count x many floats
 */
export function products(
  a: usize,
  count: i32,
  b: usize,
  starts: usize,
  many: i32,
  length: i32,
  out: usize,
): void {
  const line = <usize>length * 4;
  const outLine = <usize>many * 4;
  for (let i = 0; i < count; i += 4) {
    let to = out + <usize>i * outLine;
    const a0 = a + <usize>i * line;
    for (let j = 0; j < many; j += 2) {
      let at = a0;
      let beside = b + <usize>j * line;
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      let t0 = s0;
      let t1 = s0;
      let t2 = s0;
      let t3 = s0;
      for (const end = beside + line; beside < end; beside += 16) {
        const x = v128.load(beside);
        const y = v128.load(beside + line);
        const p = v128.load(at);
        const q = v128.load(at + line);
        const r = v128.load(at + 2 * line);
        const s = v128.load(at + 3 * line);
        s0 = f32x4.add(s0, f32x4.mul(p, x));
        s1 = f32x4.add(s1, f32x4.mul(q, x));
        s2 = f32x4.add(s2, f32x4.mul(r, x));
        s3 = f32x4.add(s3, f32x4.mul(s, x));
        t0 = f32x4.add(t0, f32x4.mul(p, y));
        t1 = f32x4.add(t1, f32x4.mul(q, y));
        t2 = f32x4.add(t2, f32x4.mul(r, y));
        t3 = f32x4.add(t3, f32x4.mul(s, y));
        at += 16;
      }
      const start = v128.load64_zero(starts + <usize>j * 4);
      storePair(to, s0, t0, start);
      storePair(to + outLine, s1, t1, start);
      storePair(to + 2 * outLine, s2, t2, start);
      storePair(to + 3 * outLine, s3, t3, start);
      to += 8;
    }
  }
}

/** The sums of two vectors' numbers, side by side, and what they begin with. */
function storePair(to: usize, s: v128, t: v128, start: v128): void {
  const halves = f32x4.add(v128.shuffle<f32>(s, t, 0, 4, 1, 5), v128.shuffle<f32>(s, t, 2, 6, 3, 7));
  const sums = f32x4.add(halves, v128.shuffle<f32>(halves, halves, 2, 3, 0, 1));
  v128.store64_lane(to, f32x4.add(sums, start), 0);
}

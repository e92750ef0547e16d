/** Pixels over which is blurred, and half of it; the same as in sharpness.ts. */
const WINDOW = 9;
const HALF = 4;

/**
 * The grey of a chip.
 *
 * @param chip count x 3 floats, 0..255
 * @param grey receives count floats
 * @param sums receives the sum of all grey and that of its squares, 64 bits each
 */
export function greyOf(chip: usize, count: i32, grey: usize, sums: usize): void {
  let sum: f64 = 0;
  let squares: f64 = 0;
  for (const end = grey + count * 4; grey < end; grey += 4, chip += 12) {
    // ITU-R BT.601 luma.
    const luma =
      <f64>load<f32>(chip) * 0.299 + <f64>load<f32>(chip, 4) * 0.587 + <f64>load<f32>(chip, 8) * 0.114;
    store<f32>(grey, <f32>luma);
    sum += luma;
    squares += luma * luma;
  }
  store<f64>(sums, sum);
  store<f64>(sums, squares, 8);
}

/**
 * What a blur takes from the differences between neighbours along one direction, 0..1; see sharpness.ts.
 *
 * @param grey side x side floats
 * @param step bytes from one neighbour to the next
 * @param line bytes from one line to the next
 */
export function lostAlong(grey: usize, side: i32, step: i32, line: i32): f64 {
  let all: f64 = 0;
  let lost: f64 = 0;
  for (let row = 1; row < side - 1; row += 2) {
    let at = grey + row * line;
    let window: f64 = 0;
    for (let i = 0; i < WINDOW; i += 1) window += load<f32>(at + i * step);
    let before = window;
    let last: f64 = load<f32>(at + HALF * step);
    at += (HALF + 1) * step;
    for (let i = HALF + 1; i + HALF < side; i += 1, at += step) {
      window += <f64>load<f32>(at + HALF * step) - <f64>load<f32>(at - (HALF + 1) * step);
      const here: f64 = load<f32>(at);
      const difference = abs<f64>(here - last);
      all += difference;
      lost += max<f64>(0, difference - abs<f64>(window - before) * (1.0 / WINDOW));
      before = window;
      last = here;
    }
  }
  return all == 0 ? 0 : lost / all;
}

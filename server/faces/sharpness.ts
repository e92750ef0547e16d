import { kernelsOver } from './kernels/kernels.js';

/**
 * How sharp a grey picture is, 0 (blurred) to 1 (sharp), whatever its contrast: what a strong blur takes from its
 * differences between neighbours, along rows and along columns, the worse of the two. A picture that was blurred
 * already has little to lose (F. Crete, T. Dolmiere, P. Ladret and M. Nicolas, "The blur effect", 2007; their figure
 * is 1 minus this one).
 *
 * @param grey side x side numbers, row by row
 */
export function sharpness(grey: Float32Array, side: number): number {
  return Math.min(along(grey, side, 1, side), along(grey, side, side, 1));
}

/** Along one direction: `step` from one neighbour to the next, `line` from one line to the next. */
function along(grey: Float32Array, side: number, step: number, line: number): number {
  const kernels = kernelsOver(grey);
  if (kernels) return kernels.lostAlong(grey.byteOffset, side, step * 4, line * 4);
  let all = 0;
  let lost = 0;
  // Every other line is plenty: neighbours tell the same.
  for (let row = 1; row < side - 1; row += 2) {
    const start = row * line;
    let window = 0;
    for (let i = 0; i < WINDOW; i += 1) window += grey[start + i * step];
    let before = window;
    // The window's middle runs from HALF on; each step drops its first number and takes in the next.
    for (let i = HALF + 1; i + HALF < side; i += 1) {
      const at = start + i * step;
      window += grey[at + HALF * step] - grey[at - (HALF + 1) * step];
      const difference = Math.abs(grey[at] - grey[at - step]);
      const blurred = Math.abs(window - before) / WINDOW;
      all += difference;
      lost += Math.max(0, difference - blurred);
      before = window;
    }
  }
  return all === 0 ? 0 : lost / all;
}

const WINDOW = 9;
const HALF = 4;

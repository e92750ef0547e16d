import { kernelsOver, tables } from './kernels/kernels.js';

/**
 * Stretches the contrast of a drawing in place: its darkest and lightest hundredth go to 0 and 255, what lies between is spread
 * evenly, all three colours alike. Haze and back light cost the detectors most of the faces in a picture; this gives
 * them back (docs/decisions/detection.md). A picture that is nearly one colour stays as it is.
 *
 * @param canvas R, G and B, 0..255, `canvasWidth` pixels a row; the top left `width` x `height` are stretched
 */
export function stretch(canvas: Float32Array, canvasWidth: number, width: number, height: number): void {
  const [darkest, lightest] = extremes(canvas, canvasWidth, width, height);
  if (lightest - darkest < LEAST_RANGE) return;
  const factor = 255 / (lightest - darkest);
  const offset = -darkest * factor;
  const kernels = kernelsOver(canvas);
  if (kernels) {
    kernels.spread(canvas.byteOffset, canvasWidth * 12, width, height, factor, offset);
    return;
  }
  for (let y = 0; y < height; y += 1) {
    const start = y * canvasWidth * 3;
    for (let i = start; i < start + width * 3; i += 1)
      canvas[i] = Math.min(255, Math.max(0, canvas[i] * factor + offset));
  }
}

/** The brightness below which a hundredth of the drawing lies, and that above which one lies. */
function extremes(canvas: Float32Array, across: number, width: number, height: number): [number, number] {
  const counts = countBrightness(canvas, across, width, height);
  const total = Math.ceil(width / 2) * Math.ceil(height / 2);
  let darkest = 0;
  for (let seen = counts[0]; seen < total / 100; seen += counts[darkest]) darkest += 1;
  let lightest = 255;
  for (let seen = counts[255]; seen < total / 100; seen += counts[lightest]) lightest -= 1;
  return [darkest, lightest];
}

/** How many pixels have each brightness. Every other one of every other row is plenty. */
function countBrightness(canvas: Float32Array, across: number, width: number, height: number): Uint32Array {
  const kernels = kernelsOver(canvas);
  if (kernels) {
    const counts = new Uint32Array(canvas.buffer, tables.counts, 256).fill(0);
    kernels.countBrightness(canvas.byteOffset, across * 12, width, height, tables.counts);
    return counts;
  }
  const counts = new Uint32Array(256);
  for (let y = 0; y < height; y += 2)
    for (let x = 0; x < width; x += 2) {
      const at = (y * across + x) * 3;
      const brightness = canvas[at] * 0.299 + canvas[at + 1] * 0.587 + canvas[at + 2] * 0.114;
      counts[Math.min(255, Math.floor(brightness))] += 1;
    }
  return counts;
}

const LEAST_RANGE = 32;

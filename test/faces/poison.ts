import type { Picture } from '../../server/frames/frame.js';

/** So long a `native` picture keeps the engine in native code, ms: longer than a thread that is to end is left alone. */
export const NATIVE_MS = 5_000;

/**
 * What a picture of one colour does to a poisoned worker: exit ends the thread, hang never comes back from JavaScript,
 * native stays in native code, nan and infinity spoil what the detector answers.
 */
const colours = {
  exit: [0, 255, 0],
  hang: [255, 0, 0],
  native: [0, 0, 255],
  nan: [255, 0, 255],
  infinity: [0, 255, 255],
} as const;
export type Poison = keyof typeof colours;

export function poisonedPicture(poison: Poison): Picture {
  const [width, height] = [320, 180];
  const pixels = new Uint8Array(new SharedArrayBuffer(width * height * 3));
  for (let i = 0; i < pixels.length; i += 1) pixels[i] = colours[poison][i % 3];
  return { width, height, pixels };
}

/** Which poison lies in the middle of a network's input, if any. */
export function poisonOf(
  input: Float32Array,
  { width, height }: { width: number; height: number },
): Poison | null {
  const at = (Math.floor(height / 2) * width + Math.floor(width / 2)) * 3;
  const names = Object.keys(colours) as Poison[];
  return names.find((name) => colours[name].every((value, i) => Math.abs(input[at + i] - value) < 3)) ?? null;
}

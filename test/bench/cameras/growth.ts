import { heldWithoutLoss } from './judge-step.js';
import { LEAST_NUMBERS } from './search-limit.js';
import type { Floor, Growth, Step } from './report.js';

/**
 * What each camera more costs: the least-squares slope over the steps that held without loss, so that what the product needs with no
 * camera at all, and the probe, stay out of it. null with fewer than two numbers of cameras.
 */
export function growthOf(steps: readonly Step[], floor: Floor | undefined): Growth | null {
  // Where frames were lost the work was not all done, and each camera seems to cost less than it does.
  const held = steps.filter(heldWithoutLoss);
  const slope = (value: (step: Step) => number) =>
    rise(held.map((step) => [step.cameras, value(step)] as const));
  const node = slope(({ cores }) => cores.node);
  const ffmpeg = slope(({ cores }) => cores.ffmpeg);
  const memoryACameraMiB = slope(({ memory }) => memory.nodeMiB + memory.ffmpegMiB);
  if (node === null || ffmpeg === null || memoryACameraMiB === null) return null;
  const all = node + ffmpeg;
  // Few numbers of cameras, or other programs, make a slope that says nothing; a ratio of it would say less.
  const isSound = new Set(held.map((step) => step.cameras)).size >= LEAST_NUMBERS && node > 0 && ffmpeg > 0;
  return {
    coresACamera: { all, node, ffmpeg },
    memoryACameraMiB,
    floorRatio: !isSound || floor === undefined || floor.cores === 0 ? null : all / floor.cores,
  };
}

/** The least-squares slope; null with fewer than two different x. */
export function rise(points: readonly (readonly [x: number, y: number])[]): number | null {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const across = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (points.length < 2 || across === 0) return null;
  return points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / across;
}

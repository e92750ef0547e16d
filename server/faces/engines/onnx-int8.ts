import type { OpenEngine } from '../engine.js';
import { onnxEngine } from './onnx.js';
import { loadOnnxruntime } from './onnxruntime.js';
import { largestFilter, REDUCED } from './probe-saturation.js';
import { gridsOf } from './quantise.js';

/**
 * onnxruntime on the CPU, where networks that come with the ranges of their results run in 8-bit integers: those that make
 * embeddings, and SSD, which gain most of it and lose least (docs/decisions/engines.md). All others run in 32-bit floats.
 */
export const openOnnxInt8: OpenEngine = async ({ threads }) => {
  const library = loadOnnxruntime();
  const most = await largestFilter(library);
  const engine = onnxEngine('onnx-int8', library, threads, (plan, ranges) => {
    const grids = ranges && gridsOf(plan, ranges);
    return grids && { grids, most };
  });
  return { ...engine, filterBits: most === REDUCED ? 7 : 8 };
};

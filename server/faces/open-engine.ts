import type { EngineName, OpenEngine } from './engine.js';
import { openOnnxInt8 } from './engines/onnx-int8.js';
import { openOnnx } from './engines/onnx.js';
import { openTfjsNode } from './engines/tfjs-node.js';
import { openWasm } from './engines/wasm.js';

/** How each engine is opened. */
export const engines: Record<EngineName, OpenEngine> = {
  'onnx-int8': openOnnxInt8,
  onnx: openOnnx,
  'tfjs-node': openTfjsNode,
  wasm: openWasm,
};

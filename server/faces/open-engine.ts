import { asGatehouseError, GatehouseError } from '../base/errors.js';
import { engineNames, type Engine, type EngineName, type OpenEngine } from './engine.js';
import { openOnnxInt8 } from './engines/onnx-int8.js';
import { openOnnx } from './engines/onnx.js';
import { openTfjsNode } from './engines/tfjs-node.js';
import { openWasm } from './engines/wasm.js';

export const engines: Record<EngineName, OpenEngine> = {
  'onnx-int8': openOnnxInt8,
  onnx: openOnnx,
  'tfjs-node': openTfjsNode,
  wasm: openWasm,
};

/** Why an engine was not taken. */
export interface PassedOver {
  name: EngineName;
  reason: string;
}

/**
 * Opens the engine of that name, or with `auto` the first that this machine has, in the order of `engineNames`.
 * Only ENGINE_NOT_FOUND means next; anything else that goes wrong is thrown.
 *
 * @param threads threads that one run may use
 */
export async function openEngine(
  name: EngineName | 'auto',
  { threads }: { threads: number },
): Promise<{ engine: Engine; passedOver: PassedOver[] }> {
  if (name !== 'auto') return { engine: await engines[name]({ threads }), passedOver: [] };
  const passedOver: PassedOver[] = [];
  for (const candidate of engineNames) {
    try {
      return { engine: await engines[candidate]({ threads }), passedOver };
    } catch (thrown) {
      const error = asGatehouseError(thrown);
      if (error.code !== 'ENGINE_NOT_FOUND') throw error;
      passedOver.push({ name: candidate, reason: error.message });
    }
  }
  throw new GatehouseError(
    'ENGINE_NOT_FOUND',
    `No engine runs here: ${passedOver.map(({ reason }) => reason).join('; ')}`,
    'Install the dependencies again: npm ci.',
  );
}

import { GatehouseError } from '../base/errors.js';
import type { Runner } from './engine.js';

/** A runner whose answers hold numbers only: it rejects with OUTPUT_INVALID where one does not. For one picture a run. */
export function soundRunner(runner: Runner, name: string): Runner {
  return {
    ...(runner.precision ? { precision: runner.precision } : {}),
    async run(...call) {
      const outputs = await runner.run(...call);
      for (const output of outputs) checkOutput(output, name);
      return outputs;
    },
    close: () => runner.close(),
  };
}

/** Throws OUTPUT_INVALID where a network's answer holds something that is no number, which would match anybody. */
export function checkOutput(output: Float32Array, name: string): void {
  // NaN and Infinity are the only numbers that do not give 0: one pass without a branch.
  let sum = 0;
  for (let i = 0; i < output.length; i += 1) sum += output[i] * 0;
  if (sum === 0) return;
  throw new GatehouseError(
    'OUTPUT_INVALID',
    `The ${name} network answered with something that is no number.`,
    'The picture is left out; if this comes again, try another engine in recognition.engine.',
  );
}

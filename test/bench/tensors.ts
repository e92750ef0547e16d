import { createRequire } from 'node:module';
import { engines } from '../../server/faces/open-engine.js';
import { oneFace } from './pictures.js';
import { liveTools, recogniseAll } from './tools.js';

export interface TensorCount {
  engine: string;
  runs: number;
  before: number;
  after: number;
  leaked: number;
}

/** Engines of TensorFlow.js, and the module that counts their tensors. */
const counted = { wasm: '@tensorflow/tfjs-core', 'tfjs-node': '@tensorflow/tfjs-node' } as const;

/** Tensors that TensorFlow.js holds before and after frames are recognised: what is not freed stays in native memory. */
export async function countTensors(runs = 20): Promise<TensorCount[]> {
  const require = createRequire(import.meta.url);
  const picture = await oneFace();
  const counts: TensorCount[] = [];
  for (const name of Object.keys(counted) as (keyof typeof counted)[]) {
    const engine = await engines[name]({ threads: 1 }).catch(() => null);
    if (!engine) continue;
    const tf = require(counted[name]) as { memory(): { numTensors: number } };
    const tools = await liveTools(engine);
    await recogniseAll(tools, [picture]);
    const before = tf.memory().numTensors;
    for (let run = 0; run < runs; run += 1) await recogniseAll(tools, [picture]);
    const after = tf.memory().numTensors;
    counts.push({ engine: name, runs, before, after, leaked: after - before });
    await engine.close();
  }
  return counts;
}

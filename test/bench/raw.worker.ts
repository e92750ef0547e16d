import { parentPort, workerData } from 'node:worker_threads';
import type { EngineName, Runner } from '../../server/faces/engine.js';
import { engines } from '../../server/faces/open-engine.js';
import type { Picture } from '../../server/frames/frame.js';
import { liveTools, recogniseAll } from './tools.js';

// A worker that does nothing but run networks: it writes down which ones recognition of a batch of frames runs and with
// what, and then repeats exactly these runs for as long as it is told. No shrinking, no cutting out, no messages.

const { engine: name, pictures } = workerData as { engine: EngineName; pictures: Picture[] };
const port = parentPort!;

const engine = await engines[name]({ threads: 1 });
const runs: (() => Promise<unknown>)[] = [];
let writing = true;
const tools = await liveTools(engine, (runner): Runner => ({
  run: (input, batch, size) => {
    if (writing) runs.push(() => runner.run(input, batch, size));
    return runner.run(input, batch, size);
  },
  close: () => runner.close(),
}));
await recogniseAll(tools, pictures);
writing = false;

port.on('message', (forMs: number | 'end') => {
  if (forMs === 'end') void engine.close().finally(() => port.close());
  else void repeat(forMs).then((perSecond) => port.postMessage(perSecond));
});
port.postMessage('ready');

/** Frames a second. */
async function repeat(forMs: number): Promise<number> {
  const start = performance.now();
  let rounds = 0;
  do {
    for (const run of runs) await run();
    rounds += 1;
  } while (performance.now() < start + forMs);
  return (rounds * pictures.length * 1000) / (performance.now() - start);
}

import { readdirSync, readFileSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import { describe, expect, it } from 'vitest';
import { STEPS_BACK } from '../../server/base/stand-back.js';
import { silentLog } from '../../server/base/log.js';
import { startRecogniser } from '../../server/faces/start-recogniser.js';
import { measuredEngines } from '../fixtures/measured-engines.js';

const own = getPriority();
const lowered = Math.min(own + STEPS_BACK, constants.priority.PRIORITY_LOW);

/** The nice value of every thread of this process, as the system has it. */
function niceValues(): number[] {
  return readdirSync('/proc/self/task').map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
    // The name, in brackets, may hold anything; nice is the 17th of the fields after it.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}

describe.skipIf(process.platform !== 'linux' || own === constants.priority.PRIORITY_LOW)(
  'the priority of recognition (Linux, where it is not the lowest already)',
  () => {
    it('is below that of the main thread, and every other thread keeps its own', async () => {
      const before = niceValues().filter((nice) => nice !== own);
      const recogniser = await startRecogniser({
        engine: 'auto',
        enginesFile: await measuredEngines(),
        workers: 2,
        network: 'dlib-resnet',
        modelsFolder: 'nowhere',
        log: silentLog,
      });
      try {
        const lower = niceValues().filter((nice) => nice !== own);
        expect(lower).toEqual([...before, lowered, lowered]);
        expect(getPriority()).toBe(own);
      } finally {
        await recogniser.close();
      }
    });
  },
);

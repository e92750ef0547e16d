import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemClock } from '../../server/base/clock.js';
import { silentLog } from '../../server/base/log.js';
import { compose } from '../../server/compose.js';
import { checkConfig } from '../../server/config/read-config.js';
import type { HouseAnswer, HouseQuestion } from './house.js';

// The whole product in this process, as `gatehouse start` runs it, with its own main loop watched.

const data = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
process.on('exit', () => rmSync(data, { recursive: true, force: true }));
let close = (): Promise<void> => Promise.resolve();

process.on('message', (question: HouseQuestion) => {
  handle(question).then(say, (thrown: unknown) => {
    console.error(thrown);
    process.exit(1);
  });
});
process.on('disconnect', () => void close().finally(() => process.exit(0)));

async function handle(question: HouseQuestion): Promise<HouseAnswer> {
  if (question.kind === 'start') {
    const config = checkConfig(question.config, join(data, 'streams.config.json'), {});
    const house = compose({ config, data, token: null, clock: systemClock, log: silentLog });
    close = () => house.close();
    return { kind: 'started', ...(await house.start(new AbortController().signal)) };
  }
  const watch = monitorEventLoopDelay({ resolution: 1 });
  watch.enable();
  const before = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, question.ms));
  watch.disable();
  const used = process.cpuUsage(before);
  return {
    kind: 'delay',
    p50: watch.percentile(50) / 1e6,
    p99: watch.percentile(99) / 1e6,
    max: watch.max / 1e6,
    cores: (used.user + used.system) / 1000 / question.ms,
  };
}

function say(answer: HouseAnswer): void {
  process.send!(answer);
}

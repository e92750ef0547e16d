import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { listNetworks } from '../../models/catalogue.js';
import { asGatehouseError } from '../base/errors.js';
import { version } from '../base/version.js';
import { findFfmpeg, type Ffmpeg } from '../cameras/find-ffmpeg.js';
import { describeEngines } from '../faces/describe-engines.js';
import { findSpeech } from '../speech/find-speech.js';
import type { CommonOptions } from './options.js';
import { printTable } from './print-table.js';
import { weightsState } from './weights-state.js';

/** `gatehouse doctor`: exit code 0 where everything that is needed is there, 69 where not. */
export async function doctor(options: CommonOptions & { json?: boolean }): Promise<number> {
  const [ffmpeg, engines, speech, networks] = await Promise.all([
    lookForFfmpeg(),
    describeEngines(),
    findSpeech(),
    networkStates(join(options.data, 'models')),
  ]);
  const chosen = engines.find((engine) => engine.version !== null)?.name ?? null;
  const report = {
    gatehouse: version,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    processors: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    ffmpeg,
    engines: engines.map((engine) => ({ ...engine, chosen: engine.name === chosen })),
    networks,
    speech: speech.trials,
  };
  if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else print(report);
  return 'path' in ffmpeg && chosen !== null ? 0 : 69;
}

async function networkStates(modelsFolder: string): Promise<{ name: string; weights: string }[]> {
  const entries = await listNetworks(modelsFolder);
  return Promise.all(
    entries.map(async (entry) => ({ name: entry.name, weights: await weightsState(entry, modelsFolder) })),
  );
}

type Report = {
  ffmpeg: Awaited<ReturnType<typeof lookForFfmpeg>>;
  engines: { name: string; version: string | null; reason: string | null; chosen: boolean }[];
  networks: { name: string; weights: string }[];
  speech: { name: string; used: boolean; reason: string }[];
} & Record<'gatehouse' | 'node' | 'platform', string> &
  Record<'processors' | 'memoryGiB', number>;

async function lookForFfmpeg(): Promise<Ffmpeg | { error: string; remedy: string }> {
  try {
    return await findFfmpeg();
  } catch (thrown) {
    const error = asGatehouseError(thrown);
    return { error: `${error.code}: ${error.message}`, remedy: error.remedy };
  }
}

function print(report: Report): void {
  const say = (line = ''): void => void process.stdout.write(`${line}\n`);
  say(`Gatehouse ${report.gatehouse}, Node ${report.node}, ${report.platform}`);
  say(`${report.processors} processors, ${report.memoryGiB} GiB of memory`);

  say('\nffmpeg');
  if ('path' in report.ffmpeg) {
    const { path, version: ffmpegVersion, origin, passedOver } = report.ffmpeg;
    say(`  ${path} (${ffmpegVersion}, from ${origin})`);
    for (const other of passedOver)
      say(`  not ${other.origin}: ${other.path === null ? '' : `${other.path}: `}${other.reason}`);
  } else say(`  ${report.ffmpeg.error}. ${report.ffmpeg.remedy}`);

  say('\nEngines, in the order in which "auto" tries them');
  printTable(
    report.engines.map(({ name, version: engineVersion, reason, chosen }) => ({
      '': chosen ? '>' : ' ',
      engine: name,
      version: engineVersion,
      why: reason ?? (chosen ? 'taken by "auto"' : 'can be asked for by name'),
    })),
  );
  say('\nNetworks');
  printTable(report.networks);
  say('\nSpeech on this machine (desks whose browser has voices use those)');
  printTable(
    report.speech.map(({ name, used, reason }) => ({ '': used ? '>' : ' ', voice: name, why: reason })),
  );
}

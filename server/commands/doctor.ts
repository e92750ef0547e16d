import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { catalogue, type CatalogueEntry } from '../../models/catalogue.js';
import { asGatehouseError } from '../base/errors.js';
import { version } from '../base/version.js';
import { findFfmpeg, type Ffmpeg } from '../cameras/find-ffmpeg.js';
import { findSpeech } from '../speech/find-speech.js';
import { measuredEngines, type EnginesReport } from './measured-engines.js';
import type { CommonOptions } from './options.js';
import { printTable } from './print-table.js';
import { weightsState } from './weights-state.js';

/** `gatehouse doctor`: exit code 0 where everything that is needed is there, 69 where not. */
export async function doctor(options: CommonOptions & { json?: boolean; anew?: boolean }): Promise<number> {
  // Alone, for it is timed.
  const engines = await measuredEngines(options, options.anew ?? false);
  const [ffmpeg, speech, networks] = await Promise.all([
    lookForFfmpeg(),
    findSpeech(),
    Promise.all(
      Object.values(catalogue).map(async (entry: CatalogueEntry) => ({
        name: entry.name,
        weights: await weightsState(entry, join(options.data, 'models')),
      })),
    ),
  ]);
  const report = {
    gatehouse: version,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    processors: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    ffmpeg,
    ...engines,
    networks,
    speech: speech.trials,
  };
  if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else print(report);
  const runs = engines.engines.some(({ chosen, version }) => chosen && version !== null);
  return 'path' in ffmpeg && runs ? 0 : 69;
}

type Report = EnginesReport & {
  ffmpeg: Awaited<ReturnType<typeof lookForFfmpeg>>;
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

  say(`\nEngines, running ${report.network} on one thread`);
  if (report.problem !== null) say(`  ${report.problem}`);
  printTable(
    report.engines.map((engine) => ({
      '': engine.chosen ? '>' : ' ',
      engine: engine.name,
      version: engine.version,
      'ms/face': engine.version === null ? null : engine.msPerFace.toFixed(2),
      drift: engine.version === null ? null : engine.drift.toFixed(4),
      why: engine.why,
    })),
  );
  if (report.measuredAt !== null) say(`  Measured ${report.measuredAt}; doctor --anew measures again.`);
  say('\nNetworks');
  printTable(report.networks);
  say('\nSpeech on this machine (desks whose browser has voices use those)');
  printTable(
    report.speech.map(({ name, used, reason }) => ({ '': used ? '>' : ' ', voice: name, why: reason })),
  );
}

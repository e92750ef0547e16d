import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { listNetworks } from '../../models/catalogue.js';
import { asGatehouseError } from '../base/errors.js';
import { version } from '../base/version.js';
import { findFfmpeg, type Ffmpeg } from '../cameras/find-ffmpeg.js';
import { findHardware, type FoundHardware } from '../cameras/hardware/find-hardware.js';
import { describeGallery } from '../identities/gallery/describe-gallery.js';
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
    networkStates(join(options.data, 'models')),
  ]);
  const hardware = 'path' in ffmpeg ? await findHardware(ffmpeg.path, 'auto') : null;
  const report = {
    gatehouse: version,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    processors: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    ffmpeg,
    hardware,
    ...engines,
    networks,
    gallery: await describeGallery(),
    speech: speech.trials,
  };
  if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else print(report);
  const runs = engines.engines.some(({ chosen, version }) => chosen && version !== null);
  return 'path' in ffmpeg && runs ? 0 : 69;
}

async function networkStates(modelsFolder: string): Promise<{ name: string; weights: string }[]> {
  const entries = await listNetworks(modelsFolder);
  return Promise.all(
    entries.map(async (entry) => ({ name: entry.name, weights: await weightsState(entry, modelsFolder) })),
  );
}

type Report = EnginesReport & {
  ffmpeg: Awaited<ReturnType<typeof lookForFfmpeg>>;
  hardware: FoundHardware | null;
  networks: { name: string; weights: string }[];
  gallery: Awaited<ReturnType<typeof describeGallery>>;
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

  if (report.hardware !== null) {
    const { taken, passedOver } = report.hardware;
    say('\nDecoding of video where a camera has "hardware": "auto"');
    say(`  ${taken ?? 'software'}`);
    for (const { name, reason } of passedOver) say(`  not ${name}: ${reason}`);
  }

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
  say('\nSearch of the gallery, by how many photos are enrolled');
  printTable(report.gallery);
  say('\nSpeech on this machine (desks whose browser has voices use those)');
  printTable(
    report.speech.map(({ name, used, reason }) => ({ '': used ? '>' : ' ', voice: name, why: reason })),
  );
}

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { systemClock } from '../base/clock.js';
import { GatehouseError } from '../base/errors.js';
import { silentLog } from '../base/log.js';
import { parsePairs, type PairsFile } from '../evaluation/pairs.js';
import { drawPlot } from '../evaluation/plot/draw-plot.js';
import { checkPlotPath, writePlot } from '../evaluation/plot/write-plot.js';
import { toScores } from '../evaluation/scores.js';
import type { EngineName } from '../faces/engine.js';
import { startRecogniser } from '../faces/start-recogniser.js';
import { embedPictures } from './accuracy/embed-pictures.js';
import { printReport } from './accuracy/print-report.js';
import { composeReport } from './accuracy/report.js';
import { scorePairs } from './accuracy/score-pairs.js';
import { chooseNetwork } from './choose-network.js';
import type { CommonOptions } from './options.js';
import { startProgress } from './progress.js';

export interface BenchAccuracyOptions extends CommonOptions {
  pairs: string;
  root: string;
  model: string;
  engine: EngineName | 'auto';
  byFolder?: boolean;
  plot?: string;
  json?: boolean;
}

/**
 * `gatehouse bench accuracy`: how well a network tells people apart, by pairs of pictures, through the product's own
 * thorough path. Exit code 0, or that of the first picture that could not be read.
 */
export async function benchAccuracy(options: BenchAccuracyOptions): Promise<number> {
  if (options.plot !== undefined) checkPlotPath(options.plot);
  const network = chooseNetwork(options.model);
  const list = await readPairs(options.pairs);
  const paths = [...new Set(list.pairs.flatMap(({ a, b }) => [a, b]))];
  const recogniser = await startRecogniser({
    engine: options.engine,
    workers: 'auto',
    network,
    modelsFolder: join(options.data, 'models'),
    log: silentLog,
  });
  const progress = startProgress('embedding', paths.length, systemClock);
  try {
    const embedded = await embedPictures(paths, options.root, recogniser, systemClock, progress);
    progress.end();
    const scored = scorePairs(list.pairs, embedded.pictures);
    const report = composeReport({
      list: { ...list, path: options.pairs, root: options.root },
      scored,
      embedded,
      recogniser,
      byFolder: options.byFolder ?? false,
    });
    if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    else printReport(report);
    if (options.plot !== undefined) {
      const { same, different } = report.official;
      const plot = drawPlot({
        title: `${report.network} on ${basename(options.pairs)}`,
        note: `${same + different} pairs of ${paths.length} pictures, ${report.engine}`,
        scores: toScores(scored),
        marks: [{ threshold: report.defaultThreshold, label: 'default threshold' }],
      });
      await writePlot(options.plot, plot);
      if (!options.json) process.stdout.write(`\nPlot: ${options.plot}\n`);
    }
    const first = report.pictures.unreadable.at(0);
    return first ? new GatehouseError(first.code, first.reason, '').exitCode : 0;
  } finally {
    progress.end();
    await recogniser.close();
  }
}

async function readPairs(path: string): Promise<PairsFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new GatehouseError(
      'PAIRS_NOT_FOUND',
      `the list of pairs ${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? String(cause)})`,
      'Name a csv file of lines "a,b,same", or the pairs.txt of LFW, with --pairs.',
      { cause },
    );
  }
  return parsePairs(text);
}

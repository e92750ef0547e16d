import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import sharp from 'sharp';
import { printTable } from '../../../server/commands/print-table.js';
import { machineLine } from '../machine.js';
import { progress } from '../progress.js';
import { drawPanels } from './draw-panels.js';
import { soakProduct } from './soak-product.js';

// `npm run soak`: the built product for minutes that are as much as days, and whether anything of it grows.

const options = new Command('soak')
  .description(
    'Runs the built product among hurrying people, failing cameras and rude clients, and watches it.',
  )
  .option('--minutes <number>', 'how long', positive, 10)
  .option('--cameras <number>', 'how many cameras', positive, 4)
  .option('--speed <number>', 'how many times faster than real the scenes are', positive, 4)
  .option('--plot <file>', 'panels over time, as .svg; a .png is written beside it')
  .option('--json <file>', 'everything as JSON; - for standard output')
  .parse()
  .opts<{ minutes: number; cameras: number; speed: number; plot?: string; json?: string }>();

/** Longest that a stop may take, ms. */
const STOP_MS = 2_000;

const say = progress();
const seconds = options.minutes * 60;
const result = await soakProduct({
  seconds,
  cameras: options.cameras,
  speed: options.speed,
  sampleSeconds: Math.min(5, seconds / 20),
  onSample: (sample) =>
    say(
      `${(sample.seconds / 60).toFixed(1)} of ${options.minutes} minutes, ${sample.visits} visits, ${sample.reconnects} reconnects, ${sample.rss.toFixed(0)} MiB, ${sample.files} files`,
    ),
});
if (result.stopMs > STOP_MS) result.wrong.push(`stopping took ${Math.round(result.stopMs)} ms`);
if (result.exitCode !== 0) result.wrong.push(`the product ended with ${result.exitCode}`);
const growing = result.judged.filter(({ verdict }) => verdict === 'grows');

if (options.json === '-')
  process.stdout.write(`${JSON.stringify({ machine: machineLine(), ...result }, null, 2)}\n`);
else {
  if (options.json !== undefined)
    await writeFile(options.json, `${JSON.stringify({ machine: machineLine(), ...result }, null, 2)}\n`);
  print();
}
if (options.plot !== undefined) {
  const title = `${result.streamHours.toFixed(1)} hours of ${options.cameras} cameras in ${options.minutes} minutes: ${result.counts.visits} visits, ${result.counts.reconnects} reconnects`;
  const svg = drawPanels(title, result.samples, result.judged);
  await writeFile(options.plot, svg);
  await sharp(Buffer.from(svg), { density: 120 })
    .png()
    .toFile(options.plot.replace(/(\.svg)?$/, '.png'));
}
process.exitCode = growing.length === 0 && result.wrong.length === 0 ? 0 : 1;

function print(): void {
  process.stdout.write(`${machineLine()}\n${result.engine}\n\n`);
  printTable(Object.entries(result.counts).map(([what, number]) => ({ what, number })));
  process.stdout.write('\nAfter the warm-up, for each hour of this run\n');
  printTable(
    result.judged.map(({ title, unit, level, slope, allowed, verdict }) => ({
      series: unit === '' ? title : `${title}, ${unit}`,
      mean: level.toFixed(2),
      slope: slope.perUnit.toFixed(2),
      '±': slope.bound.toFixed(2),
      'may rise': allowed === null ? '' : allowed.toFixed(2),
      verdict,
    })),
  );
  process.stdout.write(
    `\nIt stopped in ${Math.round(result.stopMs)} ms.\n${
      result.wrong.length === 0
        ? 'No event was lost or repeated, every visit ended, no process was left.'
        : result.wrong.join('\n')
    }\n`,
  );
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It takes a number above 0.');
  return value;
}

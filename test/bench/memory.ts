import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { printTable } from '../../server/commands/print-table.js';
import { engineNames, type EngineName } from '../../server/faces/engine.js';
import { machineLine } from './machine.js';
import { oneFace } from './pictures.js';
import { plot } from './plot.js';
import { progress } from './progress.js';
import { soak, type Sample, type Soak } from './soak.js';
import { countTensors } from './tensors.js';

// `npm run bench:memory`: many frames through the recogniser, and whether the process grows.

const options = new Command('bench:memory')
  .description('Runs frames through cameras, batches and the recogniser, and says whether memory grows.')
  .option('--frames <number>', 'frames to recognise', count, 100_000)
  .addOption(
    new Option('--engine <name>', 'what runs the networks').choices(['auto', ...engineNames]).default('auto'),
  )
  .option('--workers <number>', 'recognition workers; left out: as many as pay', count)
  .option('--plot <file>', 'SVG of memory over frames')
  .option('--json <file>', 'everything as JSON; - for standard output')
  .parse()
  .opts<{ frames: number; engine: EngineName | 'auto'; workers?: number; plot?: string; json?: string }>();

const WARM_UP = 0.1;
/** MiB for each 1,000 frames. A page of garbage a frame would be 4; this is 10 MiB in 100,000 frames. */
const FLAT = 0.1;

/** One in four shows somebody: doors are mostly empty, and looking is most of the work. */
const pictures = [await oneFace(), await blank(), await blank(), await blank()];
const say = progress();
const result = await soak({
  frames: options.frames,
  warmUp: Math.round(options.frames * WARM_UP),
  samples: 90,
  engine: options.engine,
  workers: options.workers ?? 'auto',
  pictures,
  onSample: ({ frames, seconds, rss }) =>
    say(
      `${frames.toLocaleString('en')} of ${options.frames.toLocaleString('en')} frames, ${Math.round(frames / seconds)} a second, ${rss.toFixed(0)} MiB`,
    ),
});
const tensors = await countTensors();
const flat = verdict(result);
const report = { machine: machineLine(), ...result, tensors, flat };

if (options.json === '-') process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else {
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  print(result);
}
if (options.plot !== undefined) await writeFile(options.plot, draw(result.samples));
process.exitCode = flat && tensors.every(({ leaked }) => leaked === 0) ? 0 : 1;

/** Flat: even the upper end of what the slope may be is below `FLAT`. */
function verdict({ rss }: Soak): boolean {
  return rss.perUnit + rss.bound < FLAT;
}

function print({ engine, faces, samples, ...slopes }: Soak): void {
  process.stdout.write(`${machineLine()}\n${engine}: ${options.frames} frames, ${faces} faces\n\n`);
  const every = Math.max(1, Math.round(samples.length / 12));
  printTable(
    samples
      .filter((_, index) => index % every === 0 || index === samples.length - 1)
      .map((sample) => ({
        frames: sample.frames,
        seconds: Math.round(sample.seconds),
        'RSS MiB': sample.rss.toFixed(1),
        'heap MiB': sample.heap.toFixed(1),
        'external MiB': sample.external.toFixed(1),
        handles: sample.handles,
      })),
  );
  process.stdout.write('\nMiB for each 1,000 frames, after the first tenth\n');
  printTable(
    (['rss', 'heap', 'external'] as const).map((key) => ({
      of: key,
      slope: slopes[key].perUnit.toFixed(4),
      '±': slopes[key].bound.toFixed(4),
    })),
  );
  for (const { engine: name, before, after, runs } of tensors)
    process.stdout.write(`${name}: ${before} tensors before ${runs} frames, ${after} after\n`);
  process.stdout.write(
    `\nMemory is ${flat ? 'flat' : 'NOT flat'} (limit ${FLAT} MiB for each 1,000 frames)\n`,
  );
}

function draw(samples: readonly Sample[]): string {
  const line = (name: string, colour: string, key: 'rss' | 'heap' | 'external') => ({
    name,
    colour,
    points: samples.map((sample) => [sample.frames, sample[key]] as const),
  });
  return plot(`Memory over ${options.frames.toLocaleString('en')} frames`, 'frames recognised', 'MiB', [
    line('resident', '#1f5f8b', 'rss'),
    line('external', '#b5651d', 'external'),
    line('heap', '#4b7f52', 'heap'),
  ]);
}

async function blank(): Promise<Awaited<ReturnType<typeof oneFace>>> {
  const { width, height, pixels } = await oneFace();
  return { width, height, pixels: new Uint8Array(pixels.length).fill(120) };
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${text} is no count`);
  return value;
}

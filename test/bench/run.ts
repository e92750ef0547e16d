import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { engineNames } from '../../server/faces/engine.js';
import { backends, startContender, type Contender, type Spec } from './contender.js';
import { ownThreads } from './engines.js';
import { goalsOf } from './goals.js';
import { measureHouse } from './house.js';
import { machine } from './machine.js';
import { interleave, type Lap } from './measure.js';
import { multiplyAdds } from './multiply-adds.js';
import { inputSize, networkNames, networkOf } from './networks.js';
import { measurePeak } from './peak.js';
import { FACES, fiveFaces } from './pictures.js';
import { printReport } from './print-report.js';
import { progress } from './progress.js';
import { bestByNetwork, compare, lapId, measurementsOf, type Report } from './report.js';
import { measureSearch } from './search.js';
import { measureThroughput } from './throughput.js';

// `npm run bench`: our engines and the libraries that people use today, on the same pictures, in one run.

/** Parts of a run, and what each works at. */
const parts = {
  embed: 'embedding networks, batches of 1 and 8',
  frame: 'a whole 720p frame with five faces',
  networks: 'detectors and landmarks',
  pipeline: 'throughput left after the pipeline, main loop delay',
  gallery: 'searching 1,000, 100,000 and 1,000,000 people',
} as const;
type Part = keyof typeof parts;

const program = new Command('bench')
  .description(
    'Measures recognition: engines, whole frames, face-api.js and human as shipped, the pipeline, the gallery.',
  )
  .option('--json <file>', 'the report as JSON; - prints it instead of the tables')
  .option('--only <parts>', `some of ${Object.keys(parts).join(', ')}, separated by commas`)
  .option('--quick', 'fewer rounds: under a minute where nothing else runs')
  .option(
    '--approximate-up-to <people>',
    'build the approximate index for galleries up to this size',
    '1000000',
  )
  .addHelpText(
    'after',
    `
Parts:
${Object.entries(parts)
  .map(([name, text]) => `  ${name.padEnd(10)} ${text}`)
  .join('\n')}

Every contender has a process of its own; all take turns, round by round, and a ratio is the median of the rounds' own
ratios. docs/benchmarks.md explains the report. npm run bench:memory watches memory over many frames.`,
  )
  .parse();
const options = program.opts<{ json?: string; only?: string; quick?: boolean; approximateUpTo: string }>();
const quick = options.quick ?? false;
const wanted = readParts(options.only);

const say = progress();
const began = machine();
const picture = await fiveFaces();
const processors = availableParallelism();
const compares = (['embed', 'frame', 'networks'] as const).some((part) => wanted.has(part));
say('the peak of this processor');
const peakGflops = compares ? await measurePeak(quick ? 500 : 2_000) : null;

const specs = compares ? allSpecs() : [];
const contenders: Contender[] = [];
for (const spec of specs) {
  say(`loading ${spec.kind === 'engine' ? spec.engine : `${spec.kind} on ${spec.backend}`}`);
  contenders.push(await startContender(spec, picture));
}
const laps = contenders
  .filter(({ failed }) => failed === null)
  .flatMap((contender) =>
    contender.works.filter(isWanted).map((work): Lap => ({
      id: lapId(contender.name, work),
      run: (sliceMs) => contender.run(work, sliceMs),
    })),
  );
const rounds = await interleave(laps, {
  rounds: quick ? 3 : 7,
  sliceMs: quick ? 40 : 250,
  progress: (done, of, id) => say(`${Math.round((done / of) * 100)} %: ${id.replace('|', ', ')}`),
});
for (const contender of contenders) await contender.close();

const throughput = wanted.has('pipeline')
  ? (say('throughput of the pipeline'),
    await measureThroughput(picture, { rounds: quick ? 2 : 5, sliceMs: quick ? 1_500 : 4_000 }))
  : null;
const house = wanted.has('pipeline')
  ? (say('the product under full load'), await measureHouse(picture, quick ? 4_000 : 15_000))
  : null;

const gallery = wanted.has('gallery')
  ? await measureSearch(
      quick ? [1_000, 100_000] : [1_000, 100_000, 1_000_000],
      quick ? 0 : Number(options.approximateUpTo),
      say,
    )
  : null;

const measurements = measurementsOf(contenders, rounds, await allMultiplyAdds(), { peakGflops, processors });
const peers = contenders.flatMap(({ name, spec: { kind }, failed }) =>
  kind === 'engine' ? [] : [{ name, kind, reason: failed }],
);
const found: Omit<Report, 'goals'> = {
  format: 1,
  machine: began,
  quick,
  peakGflops,
  contenders: contenders.map(({ name, version, failed, found: faces, embedding }) => ({
    name,
    version,
    failed,
    found: faces,
    embeddingApart: apart(contenders.find((one) => one.embedding)?.embedding ?? null, embedding),
  })),
  measurements,
  msPerFace: bestByNetwork(measurements),
  ...compare(contenders, peers, rounds, FACES),
  throughput,
  house,
  gallery,
};
const report: Report = { ...found, goals: goalsOf(found) };
const json = `${JSON.stringify(report, null, 2)}\n`;
if (options.json === '-') process.stdout.write(json);
else {
  if (options.json !== undefined) await writeFile(options.json, json);
  printReport(report);
}

/** Every engine by its name, with one thread and with all where it has a choice, and every peer on every backend. */
function allSpecs(): Spec[] {
  const ours = engineNames.flatMap((engine): Spec[] => [
    { kind: 'engine', engine, threads: 1 },
    ...(processors > 1 && !ownThreads.has(engine)
      ? [{ kind: 'engine' as const, engine, threads: processors }]
      : []),
  ]);
  const theirs = (['face-api', 'human'] as const).flatMap((kind) =>
    backends.map((backend): Spec => ({ kind, backend })),
  );
  return [...ours, ...theirs];
}

function isWanted(work: string): boolean {
  if (work.startsWith('frame')) return wanted.has('frame');
  return wanted.has(/^(dlib-resnet|facenet-nn4|faceres)\//.test(work) ? 'embed' : 'networks');
}

async function allMultiplyAdds(): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const name of networkNames) {
    const { network } = await networkOf(name);
    counts.set(name, multiplyAdds(network, inputSize(network)));
  }
  return counts;
}

function apart(one: Float32Array | null, other: Float32Array | null): number | null {
  return one && other ? Math.hypot(...one.map((value, i) => value - other[i])) : null;
}

function readParts(text: string | undefined): Set<Part> {
  const names = text === undefined ? Object.keys(parts) : text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !(name in parts));
  if (unknown !== undefined)
    program.error(`there is no part "${unknown}"; there is ${Object.keys(parts).join(', ')}`);
  return new Set(names as Part[]);
}

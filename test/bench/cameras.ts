import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { findFfmpeg } from '../../server/cameras/find-ffmpeg.js';
import { configSchema } from '../../server/config.js';
import { writeDemoPeople } from '../../server/demo/enrolment.js';
import { measureFloor } from './cameras/decode-floor.js';
import { goalsOf } from './cameras/goals.js';
import { growthOf } from './cameras/growth.js';
import { heldWithoutLoss } from './cameras/judge-step.js';
import { kindNames, kinds, STREAM_FPS, type Kind, type KindName } from './cameras/kinds.js';
import { measureLimit } from './cameras/measure-limit.js';
import { plotSteps } from './cameras/plot-steps.js';
import { prepareClip } from './cameras/prepare-clip.js';
import { printReport, stepRow } from './cameras/print-report.js';
import type { CamerasReport, Floor, Step } from './cameras/report.js';
import { runStep, type StepTools } from './cameras/run-step.js';
import { startCameras } from './cameras/start-cameras.js';
import { machine } from './machine.js';
import { median } from './measure.js';

// `npm run bench:cameras`: how many cameras the built product carries on this machine, and what each costs.

const program = new Command('bench:cameras')
  .description('Runs the built product with more and more RTSP cameras until it does not keep up.')
  .option('--json <file>', 'the report as JSON; - prints it instead of the tables')
  .option('--plot <folder>', 'latency.svg and processors.svg over the number of cameras')
  .option('--only <kinds>', `some of ${kindNames.join(', ')}, separated by commas`)
  .option('--quick', 'quiet720 with one, two and four cameras: about a minute')
  .option('--seconds <number>', 'length of a step; most 100', number(3, 100), 15)
  .option('--max <number>', 'most cameras of a kind', number(1), 64)
  .option('--minutes <number>', 'longest that the whole run may take', number(1), 40)
  .option('--gop <pictures>', 'from one key picture to the next', number(1), STREAM_FPS)
  .option('--fps <number>', 'frames a second that the product looks at', number(1), 8)
  .option('--profile <folder>', "processor profiles of the product's threads; costs some of what is measured")
  .addHelpText(
    'after',
    `
Kinds: quiet cameras show an empty room, busy ones have somebody crossing every three seconds; with attention, cameras
may sleep while nothing happens. Beside quiet cameras there is one busy one, whose events tell whether the server is
still in time. docs/benchmarks.md explains the report.`,
  )
  .parse();
const options = program.opts<{
  json?: string;
  plot?: string;
  only?: string;
  quick?: boolean;
  seconds: number;
  max: number;
  minutes: number;
  gop: number;
  fps: number;
  profile?: string;
}>();
if (process.platform !== 'linux') program.error('it reads /proc, which only Linux has');
const quick = options.quick ?? false;
// Whoever crosses needs three seconds of it.
const seconds = quick ? Math.min(8, options.seconds) : options.seconds;
const most = quick ? Math.min(4, options.max) : options.max;
const wanted = readKinds(options.only ?? (quick ? 'quiet720' : kindNames.join(',')));
const LATENCY_CAMERAS = 4;
const LATENCY_SECONDS = 40;
/** What the goals of the kinds are for. */
const GOAL_PROCESSORS = 2;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  // A terminal and npm may both pass it on: the second must not end us before the first has been obeyed.
  process.on(signal, () => stop.abort(new Error('interrupted')));
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const deadline = performance.now() + options.minutes * 60_000;

const began = machine();
const steps: Step[] = [];
const floors: Floor[] = [];
const found: Pick<CamerasReport, 'limits' | 'reasons' | 'frameToEventMs' | 'entranceToNameMs'> = {
  limits: {},
  reasons: {},
  frameToEventMs: null,
  entranceToNameMs: null,
};
const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-cameras-'));
const cameras = await startCameras();
try {
  await measureAll();
} catch (error) {
  // What was measured before is told all the same.
  if (!stop.signal.aborted) throw error;
  say('interrupted: what was measured so far follows');
} finally {
  await cameras.close();
  await rm(folder, { recursive: true, force: true });
}
await tell();

async function measureAll(): Promise<void> {
  const ffmpeg = (await findFfmpeg()).path;
  await mkdir(join(folder, 'people'));
  await writeDemoPeople(join(folder, 'people'));
  const knowsAttention = 'attention' in configSchema.shape.defaults.unwrap().shape;
  for (const [index, kind] of wanted.entries()) {
    if (!knowsAttention && kind.attention && kind.content === 'quiet') {
      found.reasons[kind.name] = 'this version has no attention';
      continue;
    }
    const clipOf = (content: Kind['content']) => {
      say(`${kind.name}: preparing the ${content} clip`);
      return prepareClip({ stream: kind.stream, content, gop: options.gop }, ffmpeg, stop.signal);
    };
    const clips = { quiet: await clipOf('quiet'), busy: await clipOf('busy') };
    if (!floors.some(({ stream, content }) => stream === kind.stream && content === kind.content)) {
      say(`${kind.name}: what decoding alone costs`);
      const wish = { stream: kind.stream, content: kind.content, clip: clips[kind.content] };
      floors.push(await measureFloor(ffmpeg, cameras, wish, Math.min(12, seconds), stop.signal));
    }
    const profiles = options.profile === undefined ? undefined : resolve(options.profile);
    const tools: StepTools = {
      ...{ cameras, folder, clips, knowsAttention, profiles },
      fps: options.fps,
      signal: stop.signal,
    };
    if (steps.length === 0) {
      say('the product measures its engines, once');
      await runStep(kind, 1, 3, { ...tools, profiles: undefined });
    }
    // What is left is shared by the kinds that are left.
    const until = performance.now() + (deadline - performance.now()) / (wanted.length - index);
    if (isLatencyKind(kind)) await measureLatency(kind, tools);
    const expected = Math.max(1, Math.round((kind.goal * availableParallelism()) / GOAL_PROCESSORS));
    const limit = await measureLimit((count) => attempt(kind, count, seconds, tools), {
      start: quick ? 1 : expected,
      ...{ most, until },
    });
    // Where not even one camera could be measured, that is no number of cameras.
    if (steps.some((step) => step.kind === kind.name)) found.limits[kind.name] = limit;
  }
}

/** 1080p where that is measured. */
function isLatencyKind(kind: Kind): boolean {
  const busy = wanted.filter(({ content }) => content === 'busy');
  return !quick && kind === (busy.find(({ stream }) => stream === 1080) ?? busy.at(0));
}

async function measureLatency(kind: Kind, tools: StepTools): Promise<void> {
  const step = await attempt(kind, LATENCY_CAMERAS, Math.max(seconds, LATENCY_SECONDS), tools);
  found.frameToEventMs = step?.frameToEventMs ?? null;
  found.entranceToNameMs = step?.entranceToNameMs ?? null;
}

/** null: the product did not even come up with so many. */
async function attempt(
  kind: Kind,
  count: number,
  forSeconds: number,
  tools: StepTools,
): Promise<Step | null> {
  try {
    const step = await runStep(kind, count, forSeconds, tools);
    steps.push(step);
    say(
      Object.entries(stepRow(step))
        .map(([key, value]) => `${key} ${value ?? '-'}`)
        .join(', '),
    );
    return step;
  } catch (error) {
    stop.signal.throwIfAborted();
    found.reasons[kind.name] = `${count} cameras: ${(error as Error).message.split('\n')[0]}`;
    say(`${kind.name}, ${found.reasons[kind.name]}`);
    return null;
  }
}

async function tell(): Promise<void> {
  const growth: CamerasReport['growth'] = {};
  for (const { name, stream, content } of kinds) {
    const floor = floors.find((one) => one.stream === stream && one.content === content);
    const one = growthOf(
      steps.filter(({ kind }) => kind === name),
      floor,
    );
    if (one) growth[name] = one;
  }
  const ratioOf = (of: 'quiet' | 'quietAttention') =>
    growth[`${of}1080`]?.floorRatio ?? growth[`${of}720`]?.floorRatio ?? null;
  const own = steps.map(
    ({ kind, cameras: count, cores }) => cores.cameras / (count + (isQuiet(kind) ? 1 : 0)),
  );
  const report: Omit<CamerasReport, 'goals'> = {
    format: 1,
    machine: began,
    quick,
    settings: { seconds, gop: options.gop, max: most, minutes: options.minutes, fps: options.fps },
    cameras: Object.fromEntries(
      kindNames.map((name) => [name, found.limits[name]?.held ?? null]),
    ) as CamerasReport['cameras'],
    withoutLoss: Object.fromEntries(
      kindNames.map((name) => [name, found.limits[name] ? largestWithoutLoss(name) : null]),
    ) as CamerasReport['withoutLoss'],
    ...found,
    decodeFloorRatio: { quiet: ratioOf('quiet'), attention: ratioOf('quietAttention') },
    floors,
    growth,
    camerasOwnCost: own.length === 0 ? null : median(own),
    steps,
  };
  const whole: CamerasReport = { ...report, goals: goalsOf(report) };
  const json = `${JSON.stringify(whole, null, 2)}\n`;
  if (options.json === '-') process.stdout.write(json);
  else {
    if (options.json !== undefined) await writeFile(options.json, json);
    printReport(whole);
  }
  if (options.plot !== undefined && steps.length > 0) {
    await mkdir(options.plot, { recursive: true });
    for (const [name, svg] of Object.entries(plotSteps(steps)))
      await writeFile(join(options.plot, `${name}.svg`), svg);
  }
}

function largestWithoutLoss(name: KindName): number {
  const held = steps.filter((step) => step.kind === name && heldWithoutLoss(step));
  return Math.max(0, ...held.map(({ cameras: count }) => count));
}

function isQuiet(name: KindName): boolean {
  return kinds.some((kind) => kind.name === name && kind.content === 'quiet');
}

function readKinds(text: string): Kind[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !kinds.some((kind) => kind.name === name));
  if (unknown !== undefined) program.error(`there is no kind "${unknown}"; there is ${kindNames.join(', ')}`);
  return kinds.filter(({ name }) => names.includes(name));
}

function number(least: number, largest = Infinity): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isFinite(value) || value < least || value > largest)
      program.error(
        `"${text}" is no number of at least ${least}${largest < Infinity ? ` and at most ${largest}` : ''}`,
      );
    return value;
  };
}

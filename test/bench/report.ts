import type { Contender, Spec } from './contender.js';
import { ownThreads } from './engines.js';
import type { HouseLoad } from './house.js';
import type { Machine } from './machine.js';
import { median, ratio, spread, type Rounds, type Spread } from './measure.js';
import type { GalleryRow } from './search.js';
import type { Throughput } from './throughput.js';

/** One contender at one work. */
export interface Measurement {
  contender: string;
  /** `frame`, `detect`, the same with `-ssd`, or a network's name. */
  work: string;
  /** Pictures or faces at once. */
  batch: number;
  /** Threads that it may use. */
  threads: number;
  /** One call, ms. */
  ms: Spread;
  /** ms a face; for detectors and frames, a picture. */
  msPerFace: number;
  facesPerSecond: number;
  /** Processor time a face, all threads together, ms: hardly changed by what else runs. null where not known. */
  cpuMsPerFace: number | null;
  /** Share of the FMA peak of as many threads; null where the network's multiply-adds are not known. */
  ofPeak: number | null;
}

/** Everything that one run found out; `--json` prints it. docs/benchmarks.md explains each key. */
export interface Report {
  format: 1;
  machine: Machine;
  quick: boolean;
  /** GFLOP/s that one thread reaches. */
  peakGflops: number | null;
  contenders: {
    name: string;
    version: string;
    failed: string | null;
    found: Record<string, number>;
    /** How far its embedding of one chip is from that of the first engine, Euclidean; null: another network. */
    embeddingApart: number | null;
  }[];
  measurements: Measurement[];
  /** By contender, threads put together, and network: its best batch. */
  msPerFace: Record<string, Record<string, number>>;
  /** Which of our engines a ratio speaks of. */
  ours: Record<string, { contender: string; batch: number; ms: number }>;
  /** How many times faster ours is: `WORK/PEER`; null where `reasons` says why. */
  ratios: Record<string, number | null>;
  /** The same in processor time, for the same two: how many times less of the machine ours needs. */
  cpuRatios: Record<string, number | null>;
  reasons: Record<string, string>;
  throughput: Throughput | null;
  house: HouseLoad | null;
  /** null: not measured. */
  gallery: GalleryRow[] | null;
  goals: Goal[];
}

export interface Goal {
  name: string;
  goal: string;
  measured: string;
  /** null: not measured here. */
  met: boolean | null;
}

/** Works that ratios are made of: ours on the left, the peer's on the right. */
const compared: Record<string, { ours: string; peer: Partial<Record<Spec['kind'], string>> }> = {
  frame: { ours: 'frame', peer: { 'face-api': 'frame', human: 'frame' } },
  'frame-ssd': { ours: 'frame', peer: { 'face-api': 'frame-ssd' } },
  embed: { ours: 'dlib-resnet', peer: { 'face-api': 'dlib-resnet', human: 'faceres' } },
  landmarks: { ours: 'landmarks68', peer: { 'face-api': 'landmarks68' } },
  detect: { ours: 'detect', peer: { 'face-api': 'detect' } },
  'detect-ssd': { ours: 'detect', peer: { 'face-api': 'detect-ssd' } },
};

/** A lap's name: contender and work, `frame` or `NETWORK/BATCH`. */
export function lapId(contender: string, work: string): string {
  return `${contender}|${work}`;
}

export function threadsOf(spec: Spec, processors: number): number {
  if (spec.kind === 'engine' && !ownThreads.has(spec.engine)) return spec.threads;
  const library = spec.kind === 'engine' ? spec.engine : spec.backend;
  // WebAssembly has one thread in Node; TensorFlow takes what there is.
  return library === 'wasm' ? 1 : processors;
}

/** Rounds by lap, as `interleave` gives them, as measurements. */
export function measurementsOf(
  contenders: readonly Contender[],
  rounds: ReadonlyMap<string, Rounds>,
  multiplyAddsOf: ReadonlyMap<string, number>,
  { peakGflops, processors }: { peakGflops: number | null; processors: number },
): Measurement[] {
  const measurements: Measurement[] = [];
  for (const { name, spec, works } of contenders)
    for (const each of works) {
      const values = rounds.get(lapId(name, each));
      if (values === undefined || values.ms.length === 0) continue;
      const [work, digits = '1'] = each.split('/') as [string, string?];
      const batch = Number(digits);
      const threads = threadsOf(spec, processors);
      const ms = spread(values.ms);
      const adds = multiplyAddsOf.get(work);
      measurements.push({
        contender: name,
        work,
        batch,
        threads,
        ms,
        msPerFace: ms.median / batch,
        facesPerSecond: (1000 * batch) / ms.median,
        cpuMsPerFace: values.cpuMs.length === 0 ? null : median(values.cpuMs) / batch,
        ofPeak:
          adds === undefined || peakGflops === null || spec.kind !== 'engine'
            ? null
            : (2 * adds * batch) / (ms.median * 1e6) / (peakGflops * threads),
      });
    }
  return measurements;
}

/** By contender and network, whichever batch and number of threads was best. */
export function bestByNetwork(measurements: readonly Measurement[]): Report['msPerFace'] {
  const best: Report['msPerFace'] = {};
  for (const { contender, work, msPerFace } of measurements) {
    const works = (best[contender.split(' ')[0]] ??= {});
    works[work] = Math.min(works[work] ?? Infinity, msPerFace);
  }
  return best;
}

interface Best {
  contender: string;
  batch: number;
  ms: number;
  /** ms a face, by round. */
  rounds: Rounds;
}

type Compared = Pick<Report, 'ours' | 'ratios' | 'cpuRatios' | 'reasons'>;

/** Ratios of ours to every peer that was there, and why where there is none. */
export function compare(
  contenders: readonly Contender[],
  peers: readonly { name: string; kind: 'face-api' | 'human'; reason: string | null }[],
  rounds: ReadonlyMap<string, Rounds>,
  faces: number,
): Compared {
  const result: Compared = { ours: {}, ratios: {}, cpuRatios: {}, reasons: {} };
  const bestOf = (work: string, of: readonly Contender[]): Best | null => {
    let best: Best | null = null;
    for (const { name, works } of of)
      for (const each of works.filter((one) => one === work || one.startsWith(`${work}/`))) {
        const values = rounds.get(lapId(name, each));
        if (values === undefined || values.ms.length === 0) continue;
        const batch = Number(each.split('/')[1] ?? 1);
        const perFace = (all: readonly number[]) => all.map((value) => value / batch);
        const ms = median(values.ms) / batch;
        if (best === null || ms < best.ms)
          best = {
            contender: name,
            batch,
            ms,
            rounds: { ms: perFace(values.ms), cpuMs: perFace(values.cpuMs) },
          };
      }
    return best;
  };
  /** One that does not find everybody does less work than the others. */
  const whole = ({ found }: Contender, work: string): boolean =>
    !work.startsWith('frame') || found[work] === faces;
  for (const [work, { ours, peer }] of Object.entries(compared)) {
    const mine = bestOf(
      ours,
      contenders.filter((one) => one.spec.kind === 'engine' && whole(one, ours)),
    );
    if (mine === null) continue;
    const { rounds: mineRounds, ...named } = mine;
    result.ours[work] = named;
    for (const { name, kind, reason } of peers) {
      const theirWork = peer[kind];
      if (theirWork === undefined) continue;
      const key = `${work}/${name}`;
      const contender = contenders.find((one) => one.name === name);
      const theirs = contender && whole(contender, theirWork) ? bestOf(theirWork, [contender]) : null;
      result.ratios[key] = theirs === null ? null : ratio(theirs.rounds.ms, mineRounds.ms);
      result.cpuRatios[key] =
        theirs === null || theirs.rounds.cpuMs.length === 0
          ? null
          : ratio(theirs.rounds.cpuMs, mineRounds.cpuMs);
      if (theirs === null)
        result.reasons[key] =
          reason ??
          (contender
            ? `it finds ${contender.found[theirWork] ?? 0} of ${faces} faces`
            : 'it was not measured');
    }
  }
  return result;
}

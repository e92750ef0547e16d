import type { Goal, Report } from './report.js';

/** The goals that the project has set itself, beside what this run measured. */
export function goalsOf(report: Omit<Report, 'goals'>): Goal[] {
  const times = (key: string, least: number): Goal => {
    const measured = report.ratios[key] ?? null;
    return {
      name: key,
      goal: `>= ${least} x`,
      measured: measured === null ? (report.reasons[key] ?? 'not measured') : `${measured.toFixed(1)} x`,
      met: measured === null ? null : measured >= least,
    };
  };
  const value = (
    name: string,
    measured: number | null | undefined,
    limit: { least?: number; most?: number },
    show: (value: number) => string,
  ): Goal => ({
    name,
    goal: limit.least === undefined ? `<= ${show(limit.most!)}` : `>= ${show(limit.least)}`,
    measured: measured === null || measured === undefined ? 'not measured' : show(measured),
    met:
      measured === null || measured === undefined
        ? null
        : measured >= (limit.least ?? -Infinity) && measured <= (limit.most ?? Infinity),
  });
  const ms = (number: number): string => `${number.toFixed(number < 10 ? 1 : 0)} ms`;
  const share = (number: number): string => `${(number * 100).toFixed(0)} %`;
  const million = (index: string): number | undefined =>
    report.gallery?.find((row) => row.size === 1_000_000 && row.index === index)?.ms;
  return [
    times('frame/face-api-wasm', 15),
    times('frame/face-api-tfjs-node', 4),
    times('embed/face-api-wasm', 20),
    times('embed/face-api-tfjs-node', 5),
    value('throughput left after the pipeline', report.throughput?.kept, { least: 0.85 }, share),
    value('main loop delay p99, full load', report.house?.mainLoopDelay.p99, { most: 10 }, ms),
    value('1M people, 8 probes, exact', million('matrix'), { most: 60 }, ms),
    value('1M people, 8 probes, index', million('inverted file'), { most: 3 }, ms),
  ];
}

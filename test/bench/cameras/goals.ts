import { kinds } from './kinds.js';
import type { CamerasReport, Goal } from './report.js';

const RATIOS = { quiet: 1.15, attention: 0.35 } as const;
const FRAME_TO_EVENT_MS = 400;

/** The goals that the project has set itself for two processors, beside what this run measured. */
export function goalsOf(report: Omit<CamerasReport, 'goals'>): Goal[] {
  const numbers = kinds.map(({ name, goal }): Goal => {
    const measured = report.cameras[name];
    const { exact = true, failed = null } = report.limits[name] ?? {};
    const isKnown = exact || (failed !== null && failed <= goal);
    return {
      name,
      goal: `>= ${goal}`,
      measured:
        measured === null
          ? (report.reasons[name] ?? 'not measured')
          : `${measured}${exact ? '' : ' or more'}`,
      // What held as far as was tried says nothing about the rest.
      met: measured === null || (!isKnown && measured < goal) ? null : measured >= goal,
    };
  });
  const most = (name: string, value: number | null | undefined, limit: number, digits: number): Goal => ({
    name,
    goal: `<= ${limit}`,
    measured: value === null || value === undefined ? 'not measured' : value.toFixed(digits),
    met: value === null || value === undefined ? null : value <= limit,
  });
  const { quiet, attention } = report.decodeFloorRatio;
  return [
    ...numbers,
    most('decode floor ratio, full rate', quiet, RATIOS.quiet, 2),
    most('decode floor ratio, attention', attention, RATIOS.attention, 2),
    most('frame to event, 4 busy cameras, p95 ms', report.frameToEventMs?.p95, FRAME_TO_EVENT_MS, 0),
  ];
}

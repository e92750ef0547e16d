import { availableParallelism } from 'node:os';
import type { Step } from './report.js';

/** What a step must keep to hold. */
export const limits = {
  /** Frame to event at p95, ms. */
  frameToEventMs: 1_000,
  /** Part of the wanted frames that may be lost. */
  lost: 0.1,
  /** Part of the processors that the product and its cameras may keep busy. */
  busy: 0.97,
  /** Part of the visits that may begin where nobody was drawn. */
  unplaced: 0.2,
};

/** Whether what was measured is still a server that does its work, and if not, the first reason why. */
export function judgeStep(
  { down, ...found }: Omit<Step, 'held' | 'why' | 'lost'> & { down: number },
  processors: number = availableParallelism(),
): Step {
  const { fps, cores, frameToEventMs, unplaced } = found;
  const lost = Math.max(0, 1 - fps.recognised / Math.max(fps.wanted ?? fps.arrived, 1e-9));
  const own = cores.node + cores.ffmpeg + cores.cameras + cores.bench;
  const visits = (frameToEventMs?.count ?? 0) + unplaced;
  const reasons: [boolean, string][] = [
    [down > 0, `${down} cameras were not live`],
    [lost > limits.lost, `${Math.round(lost * 100)} % of the frames were lost`],
    [visits === 0, 'no visit was told'],
    [unplaced > limits.unplaced * visits, `${unplaced} of ${visits} visits were told too late, or were none`],
    [
      (frameToEventMs?.p95 ?? 0) > limits.frameToEventMs,
      `an event came ${frameToEventMs?.p95} ms after its frame at p95`,
    ],
    [own > limits.busy * processors, `${own.toFixed(1)} of ${processors} processors were busy`],
  ];
  const why = reasons.find(([fails]) => fails)?.[1] ?? null;
  return { ...found, lost, held: why === null, why };
}
